import type { Light } from '../../select/oklab.ts';
import type { DocumentColour } from './documentColour.ts';
import { type Curve, invert, multiply, SRGB } from './rgbSpace.ts';

const tableOf = (curve: Curve) => Float32Array.from({ length: 256 }, (_, code) => curve(code / 255));

/** What a document's numbers mean as light; colours beyond sRGB are kept. */
export function lightOf({ space }: DocumentColour): Light {
  const { curves, toXyz } = space ?? SRGB;
  const [red, green, blue] = curves;
  return {
    curves: [tableOf(red), tableOf(green), tableOf(blue)],
    toLinearSrgb: multiply(invert(SRGB.toXyz)!, toXyz),
  };
}
