/** The value of a plane at a place between pixel centres, by R. Keys' cubic convolution (1981); NaN at the border. */
export function cubicAt(plane: Float32Array, width: number, height: number, x: number, y: number): number {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  if (left < 1 || top < 1 || left > width - 3 || top > height - 3) return Number.NaN;
  const s = x - 0.5 - left;
  const t = y - 0.5 - top;
  const s2 = s * s;
  const s3 = s2 * s;
  const a = -0.5 * s + s2 - 0.5 * s3;
  const b = 1 - 2.5 * s2 + 1.5 * s3;
  const c = 0.5 * s + 2 * s2 - 1.5 * s3;
  const d = -0.5 * s2 + 0.5 * s3;
  const t2 = t * t;
  const t3 = t2 * t;
  let i = (top - 1) * width + left - 1;
  let sum =
    (-0.5 * t + t2 - 0.5 * t3) * (a * plane[i]! + b * plane[i + 1]! + c * plane[i + 2]! + d * plane[i + 3]!);
  i += width;
  sum += (1 - 2.5 * t2 + 1.5 * t3) * (a * plane[i]! + b * plane[i + 1]! + c * plane[i + 2]! + d * plane[i + 3]!);
  i += width;
  sum += (0.5 * t + 2 * t2 - 1.5 * t3) * (a * plane[i]! + b * plane[i + 1]! + c * plane[i + 2]! + d * plane[i + 3]!);
  i += width;
  sum += (-0.5 * t2 + 0.5 * t3) * (a * plane[i]! + b * plane[i + 1]! + c * plane[i + 2]! + d * plane[i + 3]!);
  return sum;
}
