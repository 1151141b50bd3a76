import { view } from '../header/byteReader.ts';
import type { Curve, RgbSpace } from './rgbSpace.ts';

/** Samples of a curve: between them it is off by less than a tenth of a code. */
const SAMPLES = 1024;
const HEADER = 128;
/** The white of the profile connection space. */
const D50 = [0.9642, 1, 0.8249];

/**
 * An ICC profile of matrix and curves for a space that has none: version 2.1 (ICC.1:2001-04), which every reader
 * knows.
 */
export function matrixProfile({ curves, toXyz }: RgbSpace, name: string): Uint8Array {
  const column = (i: number) => xyz([toXyz[i]!, toXyz[i + 3]!, toXyz[i + 6]!]);
  const sampled = new Map(curves.map((curve) => [curve, curveData(curve)]));
  const tags: readonly (readonly [string, Uint8Array])[] = [
    ['desc', description(name)],
    ['cprt', bytes('text\0\0\0\0No copyright, use freely\0')],
    ['wtpt', xyz(D50)],
    ['rXYZ', column(0)],
    ['gXYZ', column(1)],
    ['bXYZ', column(2)],
    ['rTRC', sampled.get(curves[0])!],
    ['gTRC', sampled.get(curves[1])!],
    ['bTRC', sampled.get(curves[2])!],
  ];
  const table = HEADER + 4 + tags.length * 12;
  /** Curves that are the same are stored once. */
  const places = new Map<Uint8Array, number>();
  let end = table;
  for (const [, data] of tags) {
    if (places.has(data)) continue;
    places.set(data, end);
    end += Math.ceil(data.length / 4) * 4;
  }
  const out = new Uint8Array(end);
  const fields = view(out);
  fields.setUint32(0, end);
  fields.setUint32(8, 0x02100000);
  out.set(bytes('mntrRGB XYZ '), 12);
  // A date is asked for: the specification's own year.
  for (const [i, value] of [2001, 4, 1].entries()) fields.setUint16(24 + i * 2, value);
  out.set(bytes('acsp'), 36);
  out.set(xyz(D50).subarray(8), 68);
  fields.setUint32(HEADER, tags.length);
  tags.forEach(([tag, data], i) => {
    const entry = HEADER + 4 + i * 12;
    out.set(bytes(tag), entry);
    fields.setUint32(entry + 4, places.get(data)!);
    fields.setUint32(entry + 8, data.length);
    out.set(data, places.get(data)!);
  });
  return out;
}

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function xyz(values: readonly number[]): Uint8Array {
  const out = new Uint8Array(20);
  out.set(bytes('XYZ '));
  for (const [i, value] of values.entries()) view(out).setInt32(8 + i * 4, Math.round(value * 65_536));
  return out;
}

function curveData(curve: Curve): Uint8Array {
  const out = new Uint8Array(12 + SAMPLES * 2);
  const fields = view(out);
  out.set(bytes('curv'));
  fields.setUint32(8, SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    const light = Math.min(1, Math.max(0, curve(i / (SAMPLES - 1))));
    fields.setUint16(12 + i * 2, Math.round(light * 65_535));
  }
  return out;
}

/** textDescriptionType: ASCII; its Unicode and Macintosh parts stay empty. */
function description(name: string): Uint8Array {
  const out = new Uint8Array(12 + name.length + 1 + 8 + 3 + 67);
  out.set(bytes('desc'));
  view(out).setUint32(8, name.length + 1);
  out.set(bytes(name), 12);
  return out;
}
