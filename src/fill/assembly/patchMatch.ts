import { byteAt, intAt, Level, SOURCE, setInt } from './level';
import { mixSeed, xorshift } from './random';

/** Patches of 7 × 7 px are compared row by row: 28 bytes, as bytes 0 … 15 and 12 … 27, of which 12 … 15 count once. */
const WIDE_RADIUS: i32 = 3;

function rowCost(a: usize, b: usize): v128 {
  const a0 = v128.load(a);
  const b0 = v128.load(b);
  const a1 = v128.load(a, 12);
  const b1 = v128.load(b, 12);
  const d0 = v128.or(i8x16.sub_sat_u(a0, b0), i8x16.sub_sat_u(b0, a0));
  const d1 = v128.and(v128.or(i8x16.sub_sat_u(a1, b1), i8x16.sub_sat_u(b1, a1)), i32x4(0, -1, -1, -1));
  const low0 = i16x8.extend_low_i8x16_u(d0);
  const high0 = i16x8.extend_high_i8x16_u(d0);
  const low1 = i16x8.extend_low_i8x16_u(d1);
  const high1 = i16x8.extend_high_i8x16_u(d1);
  return i32x4.add(
    i32x4.add(i32x4.dot_i16x8_s(low0, low0), i32x4.dot_i16x8_s(high0, high0)),
    i32x4.add(i32x4.dot_i16x8_s(low1, low1), i32x4.dot_i16x8_s(high1, high1)),
  );
}

function sumOf(lanes: v128): i32 {
  const pairs = i32x4.add(
    lanes,
    i8x16.shuffle(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** As in `../kernels/patchMatch.ts`; addresses of the patches' first pixels. */
function patchCost(target: usize, source: usize, stride: usize, radius: i32, start: i32, limit: i32): i32 {
  let a = target;
  let b = source;
  if (radius == WIDE_RADIUS) {
    let lanes = i32x4.add(rowCost(a, b), rowCost(a + stride, b + stride));
    a += stride << 1;
    b += stride << 1;
    let sum = start + sumOf(lanes);
    if (sum >= limit) return sum;
    lanes = i32x4.add(lanes, i32x4.add(rowCost(a, b), rowCost(a + stride, b + stride)));
    a += stride << 1;
    b += stride << 1;
    sum = start + sumOf(lanes);
    if (sum >= limit) return sum;
    lanes = i32x4.add(lanes, i32x4.add(rowCost(a, b), rowCost(a + stride, b + stride)));
    a += stride << 1;
    b += stride << 1;
    return start + sumOf(i32x4.add(lanes, rowCost(a, b)));
  }
  const side = 2 * radius + 1;
  let sum = start;
  for (let row = 0; row < side; row++) {
    for (let i: usize = 0; i < <usize>(side * 4); i++) {
      const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i);
      sum += difference * difference;
    }
    if (sum >= limit) return sum;
    a += stride;
    b += stride;
  }
  return sum;
}

function priceOf(level: Level, centre: i32, source: i32, dx: i32, dy: i32): i32 {
  const distance = (dy * level.verticalPrice + dx * level.horizontalPrice) >> 8;
  if (level.guidePrice == 0) return distance;
  const step = <i32>byteAt(level.guide, centre) - <i32>byteAt(level.guide, source);
  return distance + step * step * level.guidePrice;
}

const NO_LIMIT: i32 = 0x7fffffff;

export function refreshCosts(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const radius = level.radius;
  const corner = radius * (width + 1);
  const stride = (<usize>width) << 2;
  for (let y = from; y < to; y++) {
    const last = intAt(level.targetStart, y + 1);
    for (let i = intAt(level.targetStart, y); i < last; i++) {
      const centre = intAt(level.targets, i);
      const match = intAt(level.source, centre);
      const matchY = match / width;
      const dy = abs(matchY - y);
      const dx = abs(match - matchY * width - (centre - y * width));
      const price = priceOf(level, centre, match, dx, dy);
      const target = level.pixels + ((<usize>(centre - corner)) << 2);
      const source = level.pixels + ((<usize>(match - corner)) << 2);
      setInt(level.cost, centre, patchCost(target, source, stride, radius, price, NO_LIMIT));
    }
  }
  return 0;
}

export function search(level: Level, from: i32, to: i32, reverse: i32, firstReach: i32, seed: i32): i32 {
  const width = level.width;
  const height = level.height;
  const radius = level.radius;
  const pixels = level.pixels;
  const kind = level.kind;
  const sources = level.source;
  const count = width * height;
  const corner = radius * (width + 1);
  const stride = (<usize>width) << 2;
  const step = reverse ? -1 : 1;

  for (let row = from; row < to; row++) {
    const y = reverse ? from + to - 1 - row : row;
    const first = intAt(level.targetStart, y);
    const last = intAt(level.targetStart, y + 1);
    const rowBefore = y - step >= from && y - step < to;
    let state = mixSeed(seed, y);
    for (let i = reverse ? last - 1 : first; i >= first && i < last; i += step) {
      const centre = intAt(level.targets, i);
      const x = centre - y * width;
      const target = pixels + ((<usize>(centre - corner)) << 2);
      let best = intAt(level.cost, centre);
      let match = intAt(sources, centre);

      for (let vertical = 0; vertical < 2; vertical++) {
        if (vertical == 1 ? !rowBefore : x - step < 0 || x - step >= width) continue;
        const shift = vertical == 1 ? step * width : step;
        const neighbour = intAt(sources, centre - shift);
        if (neighbour < 0) continue;
        const candidate = neighbour + shift;
        if (<u32>candidate >= <u32>count) continue;
        if (candidate == match || byteAt(kind, candidate) != SOURCE) continue;
        const candidateY = candidate / width;
        const dx = abs(candidate - candidateY * width - x);
        const price = priceOf(level, centre, candidate, dx, abs(candidateY - y));
        if (price >= best) continue;
        const found = patchCost(
          target,
          pixels + ((<usize>(candidate - corner)) << 2),
          stride,
          radius,
          price,
          best,
        );
        if (found < best) {
          best = found;
          match = candidate;
        }
      }

      let matchY = match / width;
      let matchX = match - matchY * width;
      for (let reach = firstReach; reach >= 1; reach >>= 1) {
        state = xorshift(state);
        const span: u32 = 2 * reach + 1;
        const candidateX = matchX - reach + <i32>(((state & 0xffff) * span) >> 16);
        const candidateY = matchY - reach + <i32>(((state >> 16) * span) >> 16);
        if (candidateX < 0 || candidateY < 0 || candidateX >= width || candidateY >= height) continue;
        const candidate = candidateY * width + candidateX;
        if (byteAt(kind, candidate) != SOURCE || candidate == match) continue;
        const price = priceOf(level, centre, candidate, abs(candidateX - x), abs(candidateY - y));
        if (price >= best) continue;
        const found = patchCost(
          target,
          pixels + ((<usize>(candidate - corner)) << 2),
          stride,
          radius,
          price,
          best,
        );
        if (found < best) {
          best = found;
          match = candidate;
          matchX = candidateX;
          matchY = candidateY;
        }
      }
      setInt(level.cost, centre, best);
      setInt(sources, centre, match);
    }
  }
  return 0;
}
