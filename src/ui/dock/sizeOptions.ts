import type { ModelCapabilities, SizeRule } from '../../../server/contract.ts';
import type { AskMode } from '../../editor/session.ts';

/** Offered where a model takes any size; the ones that it takes are shown. */
const commonSizes = [
  [512, 512],
  [768, 768],
  [1024, 1024],
  [1024, 1536],
  [1536, 1024],
  [1920, 1088],
  [1088, 1920],
  [2048, 2048],
  [2560, 1440],
  [1440, 2560],
  [3840, 2160],
  [2160, 3840],
] as const;

function takes(rule: Extract<SizeRule, { kind: 'free' }>, width: number, height: number): boolean {
  const pixels = width * height;
  const long = Math.max(width, height);
  return (
    width % rule.step === 0 &&
    height % rule.step === 0 &&
    pixels >= rule.minPixels &&
    pixels <= rule.maxPixels &&
    long <= rule.maxEdge &&
    long <= Math.min(width, height) * rule.maxRatio
  );
}

/** Values of `ask.size` that can be chosen, "auto" first. None for an edit: it keeps the picture's size. */
export function sizeOptions(model: ModelCapabilities, mode: AskMode): readonly string[] {
  if (mode === 'edit') return [];
  const { sizes } = model;
  const texts =
    sizes.kind === 'fixed'
      ? sizes.values.filter((value) => value !== 'auto')
      : commonSizes.filter(([width, height]) => takes(sizes, width, height)).map((size) => size.join('x'));
  return ['auto', ...texts];
}

/** "1536x1024" as "1536 × 1024". */
export const sizeText = (size: string) => size.replace('x', ' × ');
