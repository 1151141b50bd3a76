import type { EditPlan } from '../../jobs/editPlan.ts';
import type { Translate } from '../messages/translate.ts';

/** What a plan sends, in a few words: "1024 × 1024 px", "3 parts, one by one", "5 steps, one after the other". */
export function planText(
  t: Translate,
  language: string,
  { parts, steps }: Pick<EditPlan, 'parts' | 'steps'>,
): string {
  if (steps.length > 1) return t('plan.steps', { n: steps.length });
  if (parts.length > 1) return t('plan.parts', { n: parts.length });
  const [part] = parts;
  if (!part) return '';
  const { sent, scale } = part.plan;
  // Without grouping: 1536, not 1,536.
  const size = { width: String(sent.width), height: String(sent.height) };
  if (Math.abs(scale - 1) < 0.005) return t('plan.sends', size);
  const percent = new Intl.NumberFormat(language, { style: 'percent' }).format(scale);
  return t('plan.scaled', { ...size, percent });
}
