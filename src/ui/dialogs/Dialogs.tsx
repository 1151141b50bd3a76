import { lazy, Suspense } from 'react';
import { useUi } from '../app.ts';

const HelpDialog = lazy(() => import('./HelpDialog.tsx'));
const ProbeDialog = lazy(() => import('./ProbeDialog.tsx'));
const RemoveRecentDialog = lazy(() => import('./RemoveRecentDialog.tsx'));
const ScaleMaskDialog = lazy(() => import('./ScaleMaskDialog.tsx'));
const WholePictureDialog = lazy(() => import('./WholePictureDialog.tsx'));

/** The one dialog that is open; their code comes when they are needed. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog);
  return (
    <Suspense fallback={null}>
      {dialog?.kind === 'help' && <HelpDialog />}
      {dialog?.kind === 'whole-picture' && <WholePictureDialog />}
      {dialog?.kind === 'probe' && <ProbeDialog service={dialog.service} model={dialog.model} />}
      {dialog?.kind === 'remove-recent' && <RemoveRecentDialog id={dialog.id} name={dialog.name} />}
      {dialog?.kind === 'scale-mask' && <ScaleMaskDialog found={dialog.found} />}
    </Suspense>
  );
}
