import { lazy, Suspense } from 'react';
import { useUi } from '../app.ts';

const HelpDialog = lazy(() => import('./HelpDialog.tsx'));
const WholePictureDialog = lazy(() => import('./WholePictureDialog.tsx'));

/** The one dialog that is open; their code comes when they are needed. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog);
  return (
    <Suspense fallback={null}>
      {dialog === 'help' && <HelpDialog />}
      {dialog === 'whole-picture' && <WholePictureDialog />}
    </Suspense>
  );
}
