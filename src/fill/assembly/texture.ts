import { byteAt, intAt, KNOWN, Level, setByte, setInt } from './level';

const WINDOW_RADIUS: i32 = 4;
const WEIGHT: i32 = 4;
const COUNTED: i32 = 1 << 16;

function luma(pixels: usize, at: i32): i32 {
  const byte = pixels + ((<usize>at) << 2);
  return 77 * <i32>load<u8>(byte) + 150 * <i32>load<u8>(byte, 1) + 29 * <i32>load<u8>(byte, 2);
}

export function measureGradient(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const state = level.state;
  const pixels = level.pixels;
  for (let y = from; y < to; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      let value = 0;
      if (
        x < width - 1 &&
        y < height - 1 &&
        byteAt(state, at) == KNOWN &&
        byteAt(state, at + 1) == KNOWN &&
        byteAt(state, at + width) == KNOWN
      ) {
        const here = luma(pixels, at);
        value = COUNTED + ((abs(luma(pixels, at + 1) - here) + abs(luma(pixels, at + width) - here)) >> 8);
      }
      setInt(level.cost, at, value);
    }
  }
  return 0;
}

export function writeTexture(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const sums = level.source;
  for (let y = from; y < to; y++) {
    const first = max(0, y - WINDOW_RADIUS);
    const last = min(level.height - 1, y + WINDOW_RADIUS);
    const row = y * width;
    let x = 0;
    for (; x + 4 <= width; x += 4) {
      let sum = i32x4.splat(0);
      for (let line = first; line <= last; line++)
        sum = i32x4.add(sum, v128.load(level.cost + ((<usize>(line * width + x)) << 2)));
      v128.store(sums + ((<usize>(row + x)) << 2), sum);
    }
    for (; x < width; x++) {
      let sum = 0;
      for (let line = first; line <= last; line++) sum += intAt(level.cost, line * width + x);
      setInt(sums, row + x, sum);
    }
    let sum = 0;
    for (x = -WINDOW_RADIUS; x < width; x++) {
      if (x + WINDOW_RADIUS < width) sum += intAt(sums, row + x + WINDOW_RADIUS);
      if (x > WINDOW_RADIUS) sum -= intAt(sums, row + x - WINDOW_RADIUS - 1);
      if (x < 0 || byteAt(level.state, row + x) != KNOWN) continue;
      const count = sum >> 16;
      const mean = count > 0 ? (WEIGHT * (sum & 0xffff)) / count : 0;
      setByte(level.pixels, ((row + x) << 2) + 3, <u8>min(255, mean));
    }
  }
  return 0;
}
