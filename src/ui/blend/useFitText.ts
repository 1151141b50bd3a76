import { useLanguage, useTranslate } from '../app.ts';
import type { FitSummary } from './fitSummary.ts';

/** Less is not told, in per cent: it moves nothing by as much as can be seen. */
const LEAST = 0.05;

/** What was found about how an answer lies. */
export function useFitText(fit: FitSummary | null): string {
  const t = useTranslate();
  const language = useLanguage();
  if (fit?.kind !== 'moved') return t(`blend.align.${fit?.kind ?? 'unclear'}`);
  const number = (value: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
  const moved = t('blend.align.moved', { px: number(fit.px) });
  const percent = number(Math.abs(fit.percent));
  if (Math.abs(fit.percent) < LEAST) return moved;
  return `${moved}, ${t(fit.percent > 0 ? 'blend.align.larger' : 'blend.align.smaller', { percent })}`;
}
