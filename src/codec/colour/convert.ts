import { invert, multiply, type RgbSpace } from './rgbSpace.ts';

/** Converts straight RGBA in place; alpha stays, colours outside the target's gamut are clipped. */
export type Conversion = (pixels: Uint8Array) => void;

/** Entries of the table that encodes linear light. Its index is the root of the light, to be fine near black. */
const STEPS = 8192;

/** Relative colorimetric, both white points being D50. Each result is the code nearest to the exact value. */
export function conversion(from: RgbSpace, to: RgbSpace): Conversion {
  const back = invert(to.toXyz);
  if (!back) throw new RangeError('The colour space has no inverse.');
  const m = multiply(back, from.toXyz);
  const [linearR, linearG, linearB] = from.curves.map((curve) =>
    Float32Array.from({ length: 256 }, (_, code) => curve(code / 255)),
  ) as [Float32Array, Float32Array, Float32Array];
  const [codeR, codeG, codeB] = to.curves.map(encodeTable) as [Uint8Array, Uint8Array, Uint8Array];

  return (pixels) => {
    for (let i = 0; i < pixels.length; i += 4) {
      const r = linearR[pixels[i]!]!;
      const g = linearG[pixels[i + 1]!]!;
      const b = linearB[pixels[i + 2]!]!;
      pixels[i] = codeR[step(m[0] * r + m[1] * g + m[2] * b)]!;
      pixels[i + 1] = codeG[step(m[3] * r + m[4] * g + m[5] * b)]!;
      pixels[i + 2] = codeB[step(m[6] * r + m[7] * g + m[8] * b)]!;
    }
  };
}

const step = (linear: number) =>
  linear <= 0 ? 0 : linear >= 1 ? STEPS : (Math.sqrt(linear) * STEPS + 0.5) | 0;

/** The code whose light is nearest, by the curve's values half-way between codes. */
function encodeTable(curve: (value: number) => number): Uint8Array {
  const table = new Uint8Array(STEPS + 1);
  for (let i = 0, code = 0; i <= STEPS; i++) {
    const linear = (i / STEPS) ** 2;
    while (code < 255 && curve((code + 0.5) / 255) <= linear) code++;
    table[i] = code;
  }
  return table;
}
