/**
 * The value of a plane between pixel centres, which lie at halves: R. Keys, "Cubic Convolution Interpolation" (1981).
 * NaN where one of the 16 pixels that it rests on is missing.
 */
export function cubicAt(plane: Float32Array, width: number, height: number, x: number, y: number): number {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  if (!(left >= 1 && top >= 1 && left <= width - 3 && top <= height - 3)) return Number.NaN;
  const s = x - 0.5 - left;
  const t = y - 0.5 - top;
  const a = s * (-0.5 + s * (1 - 0.5 * s));
  const b = 1 + s * s * (1.5 * s - 2.5);
  const c = s * (0.5 + s * (2 - 1.5 * s));
  const d = s * s * (0.5 * s - 0.5);
  const i = (top - 1) * width + left - 1;
  const j = i + width;
  const k = j + width;
  const l = k + width;
  return (
    t *
      (-0.5 + t * (1 - 0.5 * t)) *
      (a * plane[i]! + b * plane[i + 1]! + c * plane[i + 2]! + d * plane[i + 3]!) +
    (1 + t * t * (1.5 * t - 2.5)) *
      (a * plane[j]! + b * plane[j + 1]! + c * plane[j + 2]! + d * plane[j + 3]!) +
    t *
      (0.5 + t * (2 - 1.5 * t)) *
      (a * plane[k]! + b * plane[k + 1]! + c * plane[k + 2]! + d * plane[k + 3]!) +
    t * t * (0.5 * t - 0.5) * (a * plane[l]! + b * plane[l + 1]! + c * plane[l + 2]! + d * plane[l + 3]!)
  );
}
