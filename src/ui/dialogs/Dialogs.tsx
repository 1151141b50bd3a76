import { type App, useUi } from '../app.ts';
import { fetched } from '../fetched.tsx';

/** Nobody could close what is not there. */
const close = ({ ui }: App) => ui.setDialog(null);

const HelpDialog = fetched(() => import('./HelpDialog.tsx'), close);
const ProbeDialog = fetched(() => import('./ProbeDialog.tsx'), close);
const RemoveRecentDialog = fetched(() => import('./RemoveRecentDialog.tsx'), close);
const ScaleMaskDialog = fetched(() => import('./ScaleMaskDialog.tsx'), close);
const WholePictureDialog = fetched(() => import('./WholePictureDialog.tsx'), close);

/** The one dialog that is open; their code comes when they are needed. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog);
  return (
    <>
      {dialog?.kind === 'help' && <HelpDialog />}
      {dialog?.kind === 'whole-picture' && <WholePictureDialog />}
      {dialog?.kind === 'probe' && <ProbeDialog service={dialog.service} model={dialog.model} />}
      {dialog?.kind === 'remove-recent' && <RemoveRecentDialog id={dialog.id} name={dialog.name} />}
      {dialog?.kind === 'scale-mask' && <ScaleMaskDialog found={dialog.found} />}
    </>
  );
}
