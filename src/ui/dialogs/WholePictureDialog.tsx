import { send } from '../actions/run.ts';
import { useApp, useTranslate } from '../app.ts';
import { Question } from './Question.tsx';

/** Asked before an edit without a mask. */
export default function WholePictureDialog() {
  const app = useApp();
  const t = useTranslate();
  return (
    <Question
      title={t('whole.title')}
      text={t('whole.text')}
      yes={t('whole.confirm')}
      no={t('whole.back')}
      onYes={() => send(app)}
      data-testid="confirm-whole"
    />
  );
}
