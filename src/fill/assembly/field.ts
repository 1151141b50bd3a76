import { byteAt, HOLE, intAt, KNOWN, Level, SOURCE, setByte, setInt, TARGET, VOID } from './level';
import { mixSeed, xorshift } from './random';

const HOLES: i32 = 1 << 16;

export function classify(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const radius = level.radius;
  const sums = level.cost;
  const whole = (2 * radius + 1) * (2 * radius + 1);
  let sources = 0;
  for (let y = from; y < to; y++) {
    const row = y * width;
    const inside = y >= radius && y < height - radius;
    let targets = 0;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      if (inside)
        for (let line = y - radius; line <= y + radius; line++) {
          const known = byteAt(level.state, line * width + x);
          sum += known == KNOWN ? 1 : known == HOLE ? HOLES : 0;
        }
      setInt(sums, row + x, sum);
    }
    let sum = 0;
    for (let x = -radius; x < width; x++) {
      if (x + radius < width) sum += intAt(sums, row + x + radius);
      if (x > radius) sum -= intAt(sums, row + x - radius - 1);
      if (x < 0) continue;
      let found: u8 = 0;
      if (inside && x >= radius && x < width - radius) {
        if ((sum & 0xffff) == whole) found = SOURCE;
        else if (sum >= HOLES) found = TARGET;
      }
      setByte(level.kind, row + x, found);
      if (found == SOURCE) sources++;
      else if (found == TARGET) targets++;
    }
    setInt(level.targetStart, y + 1, targets);
  }
  return sources;
}

export function findOpen(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const radius = level.radius;
  for (let y = from; y < to; y++) {
    let count = 0;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const state = byteAt(level.state, at);
      let open = state == HOLE;
      if (state == VOID) {
        const bottom = min(height - 1, y + radius);
        const right = min(width - 1, x + radius);
        for (let line = max(0, y - radius); line <= bottom && !open; line++)
          for (let near = max(0, x - radius); near <= right; near++)
            if (byteAt(level.kind, line * width + near) == TARGET) open = true;
      }
      store<u16>(level.weight + ((<usize>at) << 1), open ? 1 : 0);
      if (open) count++;
    }
    setInt(level.openStart, y + 1, count);
  }
  return 0;
}

export function list(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const width = level.width;
  for (let y = from; y < to; y++) {
    let target = intAt(level.targetStart, y);
    let pixel = intAt(level.openStart, y);
    for (let at = y * width; at < (y + 1) * width; at++) {
      if (byteAt(level.kind, at) == TARGET) setInt(level.targets, target++, at);
      const mark = level.weight + ((<usize>at) << 1);
      if (load<u16>(mark) != 0) setInt(level.open, pixel++, at);
      store<u16>(mark, 0);
      setInt(level.source, at, -1);
      setInt(level.cost, at, 0);
    }
  }
  return 0;
}

const NEARBY: i32 = 24;
const BESIDE: i32 = 2;
const UNSEEN: i32 = 1 << 27;
const TRIES: i32 = 32;

/** Where the stream of random numbers of the current row stands: globals are a thread's own. */
let state: u32 = 0;

function below(count: i32): i32 {
  state = xorshift(state);
  return <i32>(((state >> 16) * <u32>count) >> 16);
}

function randomNear(level: Level, x: i32, y: i32, reach: i32): i32 {
  const left = max(0, x - reach);
  const top = max(0, y - reach);
  const columns = min(level.width, x + reach + 1) - left;
  const rows = min(level.height, y + reach + 1) - top;
  for (let tries = 0; tries < TRIES; tries++) {
    const candidateX = left + below(columns);
    const candidate = (top + below(rows)) * level.width + candidateX;
    if (byteAt(level.kind, candidate) == SOURCE) return candidate;
  }
  return intAt(level.samples, below(level.sampleCount));
}

export function refine(level: Level, from: i32, to: i32, seed: i32, b: i32, c: i32): i32 {
  const width = level.width;
  const height = level.height;
  const coarse = changetype<Level>(level.coarser);
  for (let y = from; y < to; y++) {
    state = mixSeed(seed, y);
    const openEnd = intAt(level.openStart, y + 1);
    for (let i = intAt(level.openStart, y); i < openEnd; i++) {
      const at = intAt(level.open, i);
      const parent = (y >> 1) * coarse.width + ((at - y * width) >> 1);
      setInt(level.pixels, at, intAt(coarse.pixels, parent));
    }
    const parentY = min(max(y >> 1, coarse.radius), coarse.height - 1 - coarse.radius);
    const targetEnd = intAt(level.targetStart, y + 1);
    for (let i = intAt(level.targetStart, y); i < targetEnd; i++) {
      const centre = intAt(level.targets, i);
      const x = centre - y * width;
      const parentX = min(max(x >> 1, coarse.radius), coarse.width - 1 - coarse.radius);
      const parent = parentY * coarse.width + parentX;
      const match = intAt(coarse.source, parent);
      if (match < 0) {
        setInt(level.source, centre, randomNear(level, x, y, NEARBY));
        setInt(level.cost, centre, UNSEEN);
        continue;
      }
      const matchY = match / coarse.width;
      const matchX = match - matchY * coarse.width;
      const doubledX = min(max(2 * (matchX - parentX) + x, 0), width - 1);
      const doubledY = min(max(2 * (matchY - parentY) + y, 0), height - 1);
      const doubled = doubledY * width + doubledX;
      setInt(
        level.source,
        centre,
        byteAt(level.kind, doubled) == SOURCE ? doubled : randomNear(level, doubledX, doubledY, BESIDE),
      );
      setInt(level.cost, centre, intAt(coarse.cost, parent));
    }
  }
  return 0;
}
