import { AlertDialog } from 'radix-ui';
import { focusStage } from '../actions/focus.ts';
import { useApp } from '../app.ts';
import './dialogs.css';

interface QuestionProps {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly 'data-testid': string;
}

/** Asked before something that can't be taken back; Escape means no. */
export function Question({ title, text, yes, no, onYes, 'data-testid': testId }: QuestionProps) {
  const { ui } = useApp();
  return (
    <AlertDialog.Root open onOpenChange={() => ui.setDialog(null)}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content className="dialog question" onCloseAutoFocus={returnFocus}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description>{text}</AlertDialog.Description>
          <div className="dialog-buttons">
            <AlertDialog.Cancel className="button outline">{no}</AlertDialog.Cancel>
            <AlertDialog.Action className="button primary" data-testid={testId} onClick={onYes}>
              {yes}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** Dialogs are opened by keys and by buttons that go: the focus returns to the picture. */
export function returnFocus(event: Event): void {
  event.preventDefault();
  focusStage();
}
