import { intAt, Level, setInt } from './level';

/** As in `../memory.ts`. */
const DECAY_AT: usize = 0;

export function weigh(level: Level, from: i32, to: i32, typical: i32, b: i32, c: i32): i32 {
  const last = intAt(level.targetStart, to);
  for (let i = intAt(level.targetStart, from); i < last; i++) {
    const centre = intAt(level.targets, i);
    const step = min(127, (intAt(level.cost, centre) << 3) / typical);
    const part = intAt(level.source, centre) < 0 ? 0 : load<u16>(DECAY_AT + ((<usize>step) << 1));
    store<u16>(level.weight + ((<usize>centre) << 1), part);
  }
  return 0;
}

export function vote(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const radius = level.radius;
  const pixels = level.pixels;
  let change = 0;
  for (let y = from; y < to; y++) {
    const top = max(-radius, -y);
    const bottom = min(radius, height - 1 - y);
    const last = intAt(level.openStart, y + 1);
    for (let i = intAt(level.openStart, y); i < last; i++) {
      const at = intAt(level.open, i);
      const x = at - y * width;
      const left = max(-radius, -x);
      const right = min(radius, width - 1 - x);
      let total: i32 = 0;
      let colours = i32x4.splat(0);
      for (let dy = top; dy <= bottom; dy++) {
        const end = dy * width + right;
        for (let shift = dy * width + left; shift <= end; shift++) {
          const part = <i32>load<u16>(level.weight + ((<usize>(at + shift)) << 1));
          if (part == 0) continue;
          const copied = intAt(level.source, at + shift) - shift;
          const pixel = i32x4.extend_low_i16x8_u(
            i16x8.extend_low_i8x16_u(v128.load32_zero(pixels + ((<usize>copied) << 2))),
          );
          total += part;
          colours = i32x4.add(colours, i32x4.mul(pixel, i32x4.splat(part)));
        }
      }
      if (total == 0) continue;
      const half = total >> 1;
      const red = (i32x4.extract_lane(colours, 0) + half) / total;
      const green = (i32x4.extract_lane(colours, 1) + half) / total;
      const blue = (i32x4.extract_lane(colours, 2) + half) / total;
      const texture = (i32x4.extract_lane(colours, 3) + half) / total;
      const byte = pixels + ((<usize>at) << 2);
      change +=
        abs(red - <i32>load<u8>(byte)) +
        abs(green - <i32>load<u8>(byte, 1)) +
        abs(blue - <i32>load<u8>(byte, 2));
      store<u32>(byte, red | (green << 8) | (blue << 16) | (texture << 24));
    }
  }
  return change;
}

export function voteBest(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const radius = level.radius;
  for (let y = from; y < to; y++) {
    const top = max(-radius, -y);
    const bottom = min(radius, height - 1 - y);
    const last = intAt(level.openStart, y + 1);
    for (let i = intAt(level.openStart, y); i < last; i++) {
      const at = intAt(level.open, i);
      const x = at - y * width;
      const left = max(-radius, -x);
      const right = min(radius, width - 1 - x);
      let best: i32 = 0x7fffffff;
      let copied = at;
      for (let dy = top; dy <= bottom; dy++) {
        const end = dy * width + right;
        for (let shift = dy * width + left; shift <= end; shift++) {
          const match = intAt(level.source, at + shift);
          const cost = intAt(level.cost, at + shift);
          if (match >= 0 && cost < best) {
            best = cost;
            copied = match - shift;
          }
        }
      }
      setInt(level.origin, i, copied);
      setInt(level.pixels, at, intAt(level.pixels, copied));
    }
  }
  return 0;
}
