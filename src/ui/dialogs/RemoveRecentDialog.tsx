import { removeRecent } from '../actions/recent.ts';
import { useApp, useTranslate } from '../app.ts';
import { Question } from './Question.tsx';

interface RemoveRecentDialogProps {
  readonly id: string;
  readonly name: string;
}

/** Asked before a stored document goes for good. */
export default function RemoveRecentDialog({ id, name }: RemoveRecentDialogProps) {
  const app = useApp();
  const t = useTranslate();
  const shownName = name || t('app.untitled');
  return (
    <Question
      title={t('recent.remove.title', { name: shownName })}
      text={t('recent.remove.text')}
      yes={t('recent.remove.confirm')}
      no={t('recent.remove.back')}
      onYes={() => void removeRecent(app, id, shownName)}
      data-testid="confirm-remove"
    />
  );
}
