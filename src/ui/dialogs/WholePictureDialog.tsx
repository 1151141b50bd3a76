import { AlertDialog } from 'radix-ui';
import { send } from '../actions/run.ts';
import { useApp, useTranslate } from '../app.ts';
import './dialogs.css';

/** Asked before an edit without a mask. */
export default function WholePictureDialog() {
  const app = useApp();
  const t = useTranslate();
  const close = () => app.ui.setDialog(null);
  return (
    <AlertDialog.Root open onOpenChange={close}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content className="dialog question">
          <AlertDialog.Title>{t('whole.title')}</AlertDialog.Title>
          <AlertDialog.Description>{t('whole.text')}</AlertDialog.Description>
          <div className="dialog-buttons">
            <AlertDialog.Cancel className="button outline">{t('whole.back')}</AlertDialog.Cancel>
            <AlertDialog.Action
              className="button primary"
              data-testid="confirm-whole"
              onClick={() => send(app)}
            >
              {t('whole.confirm')}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
