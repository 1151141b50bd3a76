import { sameAspect } from '../../raster/framePlace.ts';
import { previewMask } from '../actions/importMask.ts';
import { useApp, useTranslate } from '../app.ts';
import type { FoundMask } from '../state/ui.ts';
import { Question } from './Question.tsx';

/** Asked before a mask is scaled to a document of another size. */
export default function ScaleMaskDialog({ found }: { readonly found: FoundMask }) {
  const app = useApp();
  const t = useTranslate();
  const { file, rect } = found;
  const sizes = {
    mask: `${file.size.width} × ${file.size.height} px`,
    picture: `${rect.width} × ${rect.height} px`,
  };
  return (
    <Question
      title={t('import.scale.title')}
      text={t(sameAspect(file.size, rect) ? 'import.scale.text' : 'import.scale.stretched', sizes)}
      yes={t('import.scale.confirm')}
      no={t('cancel')}
      onYes={() => void previewMask(app, found)}
      data-testid="confirm-scale"
    />
  );
}
