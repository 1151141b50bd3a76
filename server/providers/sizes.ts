import type { SizeRule } from '../contract.ts';
import type { ImageSize } from './provider.ts';

export const formatSize = ({ width, height }: ImageSize) => `${width}x${height}`;

/** Why a model does not take a size, as a sentence; null when it does. */
export function sizeProblem(rule: SizeRule, size: ImageSize): string | null {
  const { width, height } = size;
  if (rule.kind === 'fixed') {
    const sizes = rule.values.filter((value) => value !== 'auto');
    return sizes.includes(formatSize(size)) ? null : `The sizes are ${sizes.join(', ')}.`;
  }
  const long = Math.max(width, height);
  if (width % rule.step !== 0 || height % rule.step !== 0)
    return `Both edges must be multiples of ${rule.step}.`;
  if (long > rule.maxEdge) return `The longest edge must be less than or equal to ${rule.maxEdge}.`;
  if (long > rule.maxRatio * Math.min(width, height))
    return `The aspect ratio must be at most ${rule.maxRatio}:1.`;
  if (width * height < rule.minPixels)
    return `Requested resolution is below the current minimum pixel budget of ${rule.minPixels}.`;
  if (width * height > rule.maxPixels) return `At most ${rule.maxPixels} pixels are taken.`;
  return null;
}

/** The size a model takes that is closest in shape, then in area, to the wanted one. */
export function nearestSize(rule: SizeRule, wanted: ImageSize): ImageSize {
  if (sizeProblem(rule, wanted) === null) return wanted;
  const candidates = rule.kind === 'fixed' ? fixedSizes(rule.values) : freeSizes(rule, wanted);
  let best: ImageSize | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const size of candidates) {
    if (sizeProblem(rule, size) !== null) continue;
    const cost = SHAPE_WEIGHT * shapeError(size, wanted) + Math.abs(Math.log(area(size) / area(wanted)));
    if (cost < least) [best, least] = [size, cost];
  }
  if (best === null) throw new Error('a size rule that no size fulfils');
  return best;
}

/** A picture of the wrong shape is worse than one of the wrong scale, which can be scaled back. */
const SHAPE_WEIGHT = 8;
const area = (size: ImageSize) => size.width * size.height;
const shapeError = (a: ImageSize, b: ImageSize) =>
  Math.abs(Math.log((a.width * b.height) / (a.height * b.width)));

function fixedSizes(values: readonly string[]): ImageSize[] {
  return values.flatMap((value) => {
    const [width, height] = value.split('x').map(Number);
    return width && height ? [{ width, height }] : [];
  });
}

/** Multiples of the step around the wanted shape, scaled into the limits of pixels and edge. */
function freeSizes(rule: SizeRule & { kind: 'free' }, wanted: ImageSize): ImageSize[] {
  const AROUND = 4;
  const ratio = Math.min(rule.maxRatio, Math.max(1 / rule.maxRatio, wanted.width / wanted.height));
  const pixels = Math.min(rule.maxPixels, Math.max(rule.minPixels, area(wanted)));
  const ideal = Math.sqrt(pixels * ratio);
  const scale = Math.min(1, rule.maxEdge / Math.max(ideal, ideal / ratio));
  const columns = Math.round((ideal * scale) / rule.step);
  const rows = Math.round((ideal * scale) / ratio / rule.step);
  const sizes: ImageSize[] = [];
  for (let x = Math.max(1, columns - AROUND); x <= columns + AROUND; x++)
    for (let y = Math.max(1, rows - AROUND); y <= rows + AROUND; y++)
      sizes.push({ width: x * rule.step, height: y * rule.step });
  return sizes;
}
