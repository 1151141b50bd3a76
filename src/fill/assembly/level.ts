/** A level's words in memory: `../level.ts` explains them, and has to say the same. */
@unmanaged
export class Level {
  width: i32;
  height: i32;
  radius: i32;
  verticalPrice: i32;
  horizontalPrice: i32;
  guidePrice: i32;
  finer: usize;
  coarser: usize;
  pixels: usize;
  state: usize;
  kind: usize;
  source: usize;
  cost: usize;
  weight: usize;
  guide: usize;
  targets: usize;
  targetStart: usize;
  open: usize;
  openStart: usize;
  origin: usize;
  samples: usize;
  sampleCount: i32;
  correction: usize;
  wanted: usize;
  above: usize;
  below: usize;
  beside: usize;
}

export const KNOWN: u8 = 0;
export const HOLE: u8 = 1;
export const VOID: u8 = 2;

export const SOURCE: u8 = 1;
export const TARGET: u8 = 2;

/** The i-th 32-bit number, 16-bit number or byte of an array. */
export function intAt(array: usize, i: i32): i32 {
  return load<i32>(array + ((<usize>i) << 2));
}

export function setInt(array: usize, i: i32, value: i32): void {
  store<i32>(array + ((<usize>i) << 2), value);
}

export function byteAt(array: usize, i: i32): u8 {
  return load<u8>(array + <usize>i);
}

export function setByte(array: usize, i: i32, value: u8): void {
  store<u8>(array + <usize>i, value);
}
