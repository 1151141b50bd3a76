import { latin1, view } from '../header/byteReader.ts';
import type { Curve, Matrix, RgbSpace } from './rgbSpace.ts';

/**
 * An RGB profile of matrix and curves (ICC.1:2022, three-component matrix-based). Null for every other kind: tables
 * (A2B0 goes before a matrix), grey, CMYK, Lab, or malformed.
 */
export function parseMatrixProfile(icc: Uint8Array): RgbSpace | null {
  if (icc.length < 132) return null;
  if (latin1(icc.subarray(16, 20)) !== 'RGB ' || latin1(icc.subarray(20, 24)) !== 'XYZ ') return null;
  const tag = tagReader(icc);
  if (tag('A2B0')) return null;
  const [r, g, b] = [xyzOf(tag('rXYZ')), xyzOf(tag('gXYZ')), xyzOf(tag('bXYZ'))];
  const [red, green, blue] = [curveOf(tag('rTRC')), curveOf(tag('gTRC')), curveOf(tag('bTRC'))];
  if (!r || !g || !b || !red || !green || !blue) return null;
  const toXyz: Matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  return { curves: [red, green, blue], toXyz };
}

function tagReader(icc: Uint8Array): (name: string) => Uint8Array | null {
  const fields = view(icc);
  const count = Math.min(fields.getUint32(128), Math.floor((icc.length - 132) / 12));
  return (name) => {
    for (let i = 0; i < count; i++) {
      const entry = 132 + i * 12;
      if (latin1(icc.subarray(entry, entry + 4)) !== name) continue;
      const start = fields.getUint32(entry + 4);
      const end = start + fields.getUint32(entry + 8);
      return end <= icc.length ? icc.subarray(start, end) : null;
    }
    return null;
  };
}

const fixed = (data: DataView, at: number) => data.getInt32(at) / 65_536;

function xyzOf(data: Uint8Array | null): readonly [number, number, number] | null {
  if (!data || data.length < 20 || latin1(data.subarray(0, 4)) !== 'XYZ ') return null;
  const fields = view(data);
  return [fixed(fields, 8), fixed(fields, 12), fixed(fields, 16)];
}

function curveOf(data: Uint8Array | null): Curve | null {
  if (!data || data.length < 12) return null;
  const type = latin1(data.subarray(0, 4));
  if (type === 'curv') return sampledCurve(data);
  return type === 'para' ? parametricCurve(data) : null;
}

function sampledCurve(data: Uint8Array): Curve | null {
  const fields = view(data);
  const count = fields.getUint32(8);
  if (data.length < 12 + count * 2) return null;
  if (count === 0) return (v) => v;
  if (count === 1) {
    const gamma = fields.getUint16(12) / 256;
    return (v) => v ** gamma;
  }
  const samples = Float64Array.from({ length: count }, (_, i) => fields.getUint16(12 + i * 2) / 65_535);
  return (v) => {
    const at = Math.min(1, Math.max(0, v)) * (count - 1);
    const i = Math.min(count - 2, Math.floor(at));
    return samples[i]! + (samples[i + 1]! - samples[i]!) * (at - i);
  };
}

/** Numbers of parameters of function types 0 … 4 (ICC.1:2022, table 68). */
const PARAMETERS = [1, 3, 4, 5, 7] as const;

function parametricCurve(data: Uint8Array): Curve | null {
  const fields = view(data);
  const type = fields.getUint16(8);
  const count = PARAMETERS[type];
  if (!count || data.length < 12 + count * 4) return null;
  const p = Array.from({ length: count }, (_, i) => fixed(fields, 12 + i * 4));
  const [gamma = 1, a = 1, b = 0] = p;
  const power = (v: number) => Math.max(0, a * v + b) ** gamma;
  switch (type) {
    case 0:
      return (v) => v ** gamma;
    case 1:
      return (v) => (v >= -b / a ? power(v) : 0);
    case 2:
      return (v) => (v >= -b / a ? power(v) : 0) + p[3]!;
    case 3:
      return (v) => (v >= p[4]! ? power(v) : p[3]! * v);
    default:
      return (v) => (v >= p[4]! ? power(v) + p[5]! : p[3]! * v + p[6]!);
  }
}
