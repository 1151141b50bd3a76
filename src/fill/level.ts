import type { Arena, Memory } from './memory.ts';

/** Knowledge about a pixel: may be copied from; is to be filled; transparent, neither read nor written. */
export const KNOWN = 0;
export const HOLE = 1;
export const VOID = 2;

/** What a patch centred on a pixel is: wholly known (a source), or touching the hole (a target). Bits. */
export const SOURCE = 1;
export const TARGET = 2;

/**
 * A level's words in memory, 32 bits each: numbers, then addresses of its arrays. `assembly/level.ts` says the same.
 * Per pixel unless said otherwise.
 */
const WORDS = [
  'width',
  'height',
  /** Patches are squares of 2 · radius + 1 px that lie wholly inside the picture. */
  'radius',
  /** Price of a displacement by a pixel, in 1/256 of a cost unit. */
  'verticalPrice',
  'horizontalPrice',
  /** Price of a squared step of roughness between a place and its source, in cost units; 0 where there is no guide. */
  'guidePrice',
  /** Address of the next larger and the next smaller level, or 0. */
  'finer',
  'coarser',
  /** R, G, B, texture feature: 4 bytes. Meaningless where nothing is known or voted yet. */
  'pixels',
  /** KNOWN, HOLE or VOID. */
  'state',
  /** SOURCE | TARGET of the patch that is centred here. */
  'kind',
  /** i32: centre of the patch that looks most like the one centred here; −1 where no target is. */
  'source',
  /** i32: cost of that match, only meaningful at targets. Before there are any: room for sums. */
  'cost',
  /** u16: what the match counts in a vote; 0 where no target is. */
  'weight',
  /** How rough a pixel's surroundings are, or should be: `guide.ts`. Of the coarsest level alone. */
  'guide',
  /** i32 each: centres of targets in raster order, and per row (height + 1) where it begins among them. */
  'targets',
  'targetStart',
  /** i32 each: pixels that a vote writes (hole, and void that a target covers), and where each row begins. */
  'open',
  'openStart',
  /** i32 per entry of `open`: the known pixel that it was last copied from. */
  'origin',
  /** i32 each: some sources, evenly spread, and how many. */
  'samples',
  'sampleCount',
  /** Per entry of `open`, see `kernels/poisson.ts`. */
  'correction',
  'wanted',
  'above',
  'below',
  'beside',
] as const;

type Word = (typeof WORDS)[number];
const wordAt = Object.fromEntries(WORDS.map((word, index) => [word, index])) as Record<Word, number>;
const HEADER_BYTES = WORDS.length * 4;

/** One size of a picture pyramid, as typed arrays over the memory. */
export interface Level {
  readonly memory: Memory;
  /** Address of its words. */
  readonly at: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly verticalPrice: number;
  readonly horizontalPrice: number;
  readonly guidePrice: number;
  readonly finer: number;
  readonly coarser: number;
  readonly pixels: Uint8Array;
  readonly state: Uint8Array;
  readonly kind: Uint8Array;
  readonly source: Int32Array;
  readonly cost: Int32Array;
  readonly weight: Uint16Array;
  readonly guide: Uint8Array;
  readonly targets: Int32Array;
  readonly targetStart: Int32Array;
  readonly open: Int32Array;
  readonly openStart: Int32Array;
  readonly origin: Int32Array;
  readonly samples: Int32Array;
  readonly correction: Int32Array;
  readonly wanted: Int32Array;
  readonly above: Int32Array;
  readonly below: Int32Array;
  readonly beside: Uint8Array;
}

/** Bytes that a pyramid takes at most for each pixel of its finest level, a third more for its coarser ones. */
export const BYTES_PER_PIXEL = Math.ceil((4 + 1 + 1 + 4 + 4 + 2 + 1 + 3 * 4) * (4 / 3)) + 16 + 16 + 4 + 4 + 1;
/** … and for whatever does not depend on the pixels: headers, rows, samples. */
export const BYTES_PER_ROW = 64;
export const BYTES_FIXED = 1_048_576;
export const SAMPLES = 4096;

/** Takes room for a level of this size; its arrays have any content. */
export function createLevel(arena: Arena, width: number, height: number, finer: Level | null): Level {
  const { memory } = arena;
  const at = arena.take(HEADER_BYTES);
  const words = new Int32Array(memory.buffer, at, WORDS.length).fill(0);
  const pixels = width * height;
  words[wordAt.width] = width;
  words[wordAt.height] = height;
  words[wordAt.pixels] = arena.take(pixels * 4);
  words[wordAt.state] = arena.take(pixels);
  words[wordAt.kind] = arena.take(pixels);
  words[wordAt.source] = arena.take(pixels * 4);
  words[wordAt.cost] = arena.take(pixels * 4);
  words[wordAt.weight] = arena.take(pixels * 2);
  words[wordAt.targetStart] = arena.take((height + 1) * 4);
  words[wordAt.openStart] = arena.take((height + 1) * 4);
  words[wordAt.samples] = arena.take(SAMPLES * 4);
  if (finer) {
    words[wordAt.finer] = finer.at;
    setWords(finer, { coarser: at });
  }
  return openLevel(memory, at);
}

/** Writes words of a level; a level that was opened before has to be opened again to show them. */
export function setWords(level: Pick<Level, 'memory' | 'at'>, values: Partial<Record<Word, number>>): void {
  const words = new Int32Array(level.memory.buffer, level.at, WORDS.length);
  for (const [word, value] of Object.entries(values)) words[wordAt[word as Word]] = value;
}

/** Takes room for lists whose length is known once their starts are. */
export function takeLists(arena: Arena, level: Level): Level {
  const targets = level.targetStart[level.height]!;
  const open = level.openStart[level.height]!;
  setWords(level, {
    targets: arena.take(targets * 4),
    open: arena.take(open * 4),
    origin: arena.take(open * 4),
  });
  return openLevel(level.memory, level.at);
}

/** Takes room for a guide, at this price. */
export function takeGuide(arena: Arena, level: Level, guidePrice: number): Level {
  setWords(level, { guide: arena.take(level.width * level.height), guidePrice });
  return openLevel(level.memory, level.at);
}

/** Takes room for what `kernels/poisson.ts` needs. */
export function takeCorrections(arena: Arena, level: Level): Level {
  const open = level.open.length;
  setWords(level, {
    correction: arena.take(open * 16),
    wanted: arena.take(open * 16),
    above: arena.take(open * 4),
    below: arena.take(open * 4),
    beside: arena.take(open),
  });
  return openLevel(level.memory, level.at);
}

/** The level whose words stand at an address. */
export function openLevel(memory: Memory, at: number): Level {
  const { buffer } = memory;
  const words = new Int32Array(buffer, at, WORDS.length);
  const word = (name: Word) => words[wordAt[name]]!;
  const [width, height] = [word('width'), word('height')];
  const pixels = width * height;
  const bytes = (name: Word, count: number) => new Uint8Array(buffer, word(name), word(name) && count);
  const ints = (name: Word, count: number) => new Int32Array(buffer, word(name), word(name) && count);
  const targetStart = ints('targetStart', height + 1);
  const openStart = ints('openStart', height + 1);
  const targets = word('targets') ? targetStart[height]! : 0;
  const open = word('open') ? openStart[height]! : 0;
  return {
    memory,
    at,
    width,
    height,
    radius: word('radius'),
    verticalPrice: word('verticalPrice'),
    horizontalPrice: word('horizontalPrice'),
    guidePrice: word('guidePrice'),
    finer: word('finer'),
    coarser: word('coarser'),
    pixels: bytes('pixels', pixels * 4),
    state: bytes('state', pixels),
    kind: bytes('kind', pixels),
    source: ints('source', pixels),
    cost: ints('cost', pixels),
    weight: new Uint16Array(buffer, word('weight'), pixels),
    guide: bytes('guide', pixels),
    targets: ints('targets', targets),
    targetStart,
    open: ints('open', open),
    openStart,
    origin: ints('origin', open),
    samples: ints('samples', word('sampleCount')),
    correction: ints('correction', open * 4),
    wanted: ints('wanted', open * 4),
    above: ints('above', open),
    below: ints('below', open),
    beside: bytes('beside', open),
  };
}
