import { byteAt, intAt, KNOWN, Level, setByte, setInt } from './level';

const FRACTION: i32 = 8;
const RELAXED: i32 = 1894;
const LEFT_OPEN: i32 = 1;
const RIGHT_OPEN: i32 = 2;
const COUNT_SHIFT: i32 = 2;

function relaxedBy(neighbours: i32): i32 {
  if (neighbours == 4) return 473;
  if (neighbours == 3) return 631;
  if (neighbours == 2) return 946;
  return neighbours == 1 ? 1891 : 947_200;
}

function indexIn(level: Level, at: i32, y: i32, start: i32): i32 {
  const end = intAt(level.openStart, y + 1);
  if (start < end && intAt(level.open, start) == at) return start;
  return -1;
}

/** The four channels of a pixel as i32x4, of which the last, the texture, is cleared. */
function colourAt(pixels: usize, at: i32): v128 {
  const bytes = v128.and(v128.load32_zero(pixels + ((<usize>at) << 2)), i32x4(0xffffff, 0, 0, 0));
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}

/** Whether the pixel beside another, by `dx`, `dy`, can be read. */
function isKnownBeside(level: Level, at: i32, dx: i32, dy: i32): bool {
  const y = at / level.width;
  const x = at - y * level.width;
  return (
    x + dx >= 0 &&
    x + dx < level.width &&
    y + dy >= 0 &&
    y + dy < level.height &&
    byteAt(level.state, at + dy * level.width + dx) == KNOWN
  );
}

/** Counts of the pixel that is being prepared, and what is wanted of it: globals are a thread's own. */
let count: i32 = 0;
let sum: v128 = i32x4.splat(0);

function meet(level: Level, i: i32, at: i32, other: i32, dx: i32, dy: i32): void {
  const step = dy * level.width + dx;
  if (other < 0 && byteAt(level.state, at + step) != KNOWN) return;
  count++;
  const pixels = level.pixels;
  const origin = intAt(level.origin, i);
  const sawBehind = isKnownBeside(level, origin, dx, dy);
  let before = -1;
  if (other >= 0) {
    const there = intAt(level.origin, other);
    if (isKnownBeside(level, there, -dx, -dy)) before = there - step;
  }
  if (!sawBehind && before < 0) return;
  const here = colourAt(pixels, at);
  const next = colourAt(pixels, at + step);
  let gradient = i32x4.splat(0);
  if (sawBehind) gradient = i32x4.add(gradient, i32x4.sub(here, colourAt(pixels, origin + step)));
  if (before >= 0) gradient = i32x4.add(gradient, i32x4.sub(colourAt(pixels, before), next));
  gradient = i32x4.shr_s(i32x4.shl(gradient, FRACTION), sawBehind && before >= 0 ? 1 : 0);
  sum = i32x4.add(sum, i32x4.sub(gradient, i32x4.shl(i32x4.sub(here, next), FRACTION)));
}

export function prepareCorrection(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const open = level.open;
  for (let y = from; y < to; y++) {
    const rowStart = intAt(level.openStart, y);
    const rowEnd = intAt(level.openStart, y + 1);
    let upper = y > 0 ? intAt(level.openStart, y - 1) : 0;
    let lower = rowEnd;
    for (let i = rowStart; i < rowEnd; i++) {
      const at = intAt(open, i);
      const x = at - y * width;
      if (y > 0) while (upper < rowStart && intAt(open, upper) < at - width) upper++;
      if (y < height - 1) {
        const lowerEnd = intAt(level.openStart, y + 2);
        while (lower < lowerEnd && intAt(open, lower) < at + width) lower++;
      }
      const above = y > 0 ? indexIn(level, at - width, y - 1, upper) : -1;
      const below = y < height - 1 ? indexIn(level, at + width, y + 1, lower) : -1;
      const left = x > 0 && i > rowStart && intAt(open, i - 1) == at - 1 ? i - 1 : -1;
      const right = x < width - 1 && i + 1 < rowEnd && intAt(open, i + 1) == at + 1 ? i + 1 : -1;
      count = 0;
      sum = i32x4.splat(0);
      if (x > 0) meet(level, i, at, left, -1, 0);
      if (x < width - 1) meet(level, i, at, right, 1, 0);
      if (y > 0) meet(level, i, at, above, 0, -1);
      if (y < height - 1) meet(level, i, at, below, 0, 1);
      v128.store(level.correction + ((<usize>i) << 4), i32x4.splat(0));
      v128.store(level.wanted + ((<usize>i) << 4), sum);
      setInt(level.above, i, above);
      setInt(level.below, i, below);
      const bits = (left >= 0 ? LEFT_OPEN : 0) | (right >= 0 ? RIGHT_OPEN : 0) | (count << COUNT_SHIFT);
      setByte(level.beside, i, <u8>bits);
    }
  }
  return 0;
}

export function relax(level: Level, from: i32, to: i32, odd: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const corrections = level.correction;
  for (let y = from; y < to; y++) {
    const last = intAt(level.openStart, y + 1);
    for (let i = intAt(level.openStart, y); i < last; i++) {
      const x = intAt(level.open, i) - y * width;
      if (((x + y) & 1) != odd) continue;
      const bits = <i32>byteAt(level.beside, i);
      const up = intAt(level.above, i);
      const down = intAt(level.below, i);
      const at = corrections + ((<usize>i) << 4);
      let total = v128.load(level.wanted + ((<usize>i) << 4));
      if (bits & LEFT_OPEN) total = i32x4.add(total, v128.load(at - 16));
      if (bits & RIGHT_OPEN) total = i32x4.add(total, v128.load(at, 16));
      if (up >= 0) total = i32x4.add(total, v128.load(corrections + ((<usize>up) << 4)));
      if (down >= 0) total = i32x4.add(total, v128.load(corrections + ((<usize>down) << 4)));
      const here = v128.load(at);
      const change = i32x4.sub(
        i32x4.mul(total, i32x4.splat(relaxedBy(bits >> COUNT_SHIFT))),
        i32x4.mul(here, i32x4.splat(RELAXED)),
      );
      v128.store(at, i32x4.add(here, i32x4.shr_s(i32x4.add(change, i32x4.splat(512)), 10)));
    }
  }
  return 0;
}

export function correct(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const last = intAt(level.openStart, to);
  const half = 1 << (FRACTION - 1);
  for (let i = intAt(level.openStart, from); i < last; i++) {
    const byte = level.pixels + ((<usize>intAt(level.open, i)) << 2);
    const correction = level.correction + ((<usize>i) << 4);
    for (let channel: usize = 0; channel < 3; channel++) {
      const added = (load<i32>(correction + (channel << 2)) + half) >> FRACTION;
      store<u8>(byte + channel, <u8>min(255, max(0, <i32>load<u8>(byte + channel) + added)));
    }
  }
  return 0;
}
