import { contentSize } from '../../blend/cropPlan.ts';
import type { Layer } from '../../editor/layer.ts';

/** What comparing with what was sent has told, in words' reach. */
export type FitSummary =
  /** `px`: document px by which the middle was off; `percent`: by how much it was too large (< 0: too small). */
  | { readonly kind: 'moved'; readonly px: number; readonly percent: number }
  | { readonly kind: 'same' | 'unclear' | 'reframed' };

export const isReframed = ({ origin }: Layer) =>
  origin.kind === 'result' && origin.comparison.fit.kind === 'reframed';

/** Of the layers of one result: the worst of them decides; null when none can be blended again. */
export function fitSummary(layers: readonly Layer[]): FitSummary | null {
  const fits = layers.flatMap((layer) => fitOf(layer) ?? []);
  const moved = fits.filter((fit) => fit.kind === 'moved').sort((a, b) => b.px - a.px);
  return (
    fits.find(({ kind }) => kind === 'reframed') ??
    moved[0] ??
    fits.find(({ kind }) => kind === 'unclear') ??
    fits[0] ??
    null
  );
}

function fitOf({ origin }: Layer): FitSummary | null {
  if (origin.kind !== 'result') return null;
  const { comparison, plan } = origin;
  if (comparison.fit.kind !== 'moved') return comparison.fit;
  const { scaleX, scaleY, shiftX, shiftY } = comparison.fit.registration;
  const content = contentSize(plan);
  // A shift is told at the corner; what is seen is how far the middle is off.
  const x = ((scaleX - 1) * content.width) / 2 + shiftX;
  const y = ((scaleY - 1) * content.height) / 2 + shiftY;
  const px = Math.hypot((x * plan.rect.width) / content.width, (y * plan.rect.height) / content.height);
  return { kind: 'moved', px, percent: ((scaleX + scaleY) / 2 - 1) * 100 };
}

/** Whether there is a difference in colour to undo. */
export const hasColour = (layers: readonly Layer[]) =>
  layers.some(({ origin }) => origin.kind === 'result' && origin.comparison.colour !== null);

/** Whether the service changed something beside the mask that can be taken along. */
export const hasSpill = (layers: readonly Layer[]) =>
  layers.some(({ origin }) => origin.kind === 'result' && origin.comparison.spill !== null);
