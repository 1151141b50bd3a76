import { nearAsked } from './nearAsked.ts';
import type { Size } from './size.ts';

/** One channel of both pictures, as means of blocks. */
export interface ChannelSamples {
  /** Levels 0–255, not whole. */
  readonly sent: Float32Array;
  readonly returned: Float32Array;
  /** Standard deviation of the sent levels within each block. */
  readonly spreads: Float32Array;
  /** 0–1; less where the block holds an edge, which any misplacement would blur. */
  readonly weights: Float32Array;
  /** Highest level that can be believed. */
  readonly limit: number;
}

/** Edge of a block in px: its mean has a quarter of a pixel's noise, in both pictures. */
const BLOCK = 4;
/** Px outside the asked region: nearer, services already blend their own; farther, other light may fall. */
const RING = { from: 2, to: 48 };
/** Blocks that make a ring worth trusting; with fewer, everything outside counts. */
const ENOUGH = 400;
/** More blocks than this add time and no accuracy. */
const MOST = 16_384;
/** Levels from here on noise cuts on one side. */
const LIMIT = 247;
/** Range of levels within a block that halves its weight. */
const CONTRAST = 24;

/**
 * Where the pictures can be compared: blocks of opaque pixels in a ring around the asked region, or everywhere outside
 * it when the ring is small. One entry per channel.
 */
export function colourSamples(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): readonly ChannelSamples[] {
  const inner = nearAsked(asked, size, RING.from);
  const ring = blocksWhere(inner, nearAsked(asked, size, RING.to), size);
  const blocks = ring.length >= ENOUGH ? ring : blocksWhere(inner, null, size);
  const stride = Math.ceil(blocks.length / MOST);
  const taken = stride > 1 ? blocks.filter((_, i) => i % stride === 0) : blocks;
  return [0, 1, 2].map((channel) => meansOf(sent, returned, inner, size, taken, channel));
}

/** First pixel of each whole block whose corners are outside `inner` and, when given, inside `outer`. */
function blocksWhere(inner: Uint8Array, outer: Uint8Array | null, { width, height }: Size): Int32Array {
  const found = new Int32Array(Math.floor(width / BLOCK) * Math.floor(height / BLOCK));
  let count = 0;
  for (let y = 0; y + BLOCK <= height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= width; x += BLOCK) {
      const i = y * width + x;
      const last = i + (BLOCK - 1) * (width + 1);
      if (inner[i] === 1 || inner[last] === 1) continue;
      if (inner[i + BLOCK - 1] === 1 || inner[last - BLOCK + 1] === 1) continue;
      if (outer && (outer[i] === 0 || outer[last] === 0)) continue;
      found[count++] = i;
    }
  }
  return found.subarray(0, count);
}

/**
 * A value near the end of the range may stand for one beyond it, so blocks of such values are left out; unless most are
 * so: white paper that came back brighter is white everywhere, and then that is what has to be undone.
 */
function meansOf(
  sent: Uint8Array,
  returned: Uint8Array,
  inner: Uint8Array,
  size: Size,
  blocks: Int32Array,
  channel: number,
): ChannelSamples {
  const pictures: Pictures = { sent, returned, inner, size };
  const { samples, clipped } = collect(pictures, blocks, channel, false);
  return clipped > samples.sent.length ? collect(pictures, blocks, channel, true).samples : samples;
}

interface Pictures {
  readonly sent: Uint8Array;
  readonly returned: Uint8Array;
  readonly inner: Uint8Array;
  readonly size: Size;
}

/** The means of a channel, and how many blocks are left out because what came back is near the end of the range. */
function collect(
  { sent, returned, inner, size: { width } }: Pictures,
  blocks: Int32Array,
  channel: number,
  withClipped: boolean,
): { samples: ChannelSamples; clipped: number } {
  const out = {
    sent: new Float32Array(blocks.length),
    returned: new Float32Array(blocks.length),
    spreads: new Float32Array(blocks.length),
    weights: new Float32Array(blocks.length),
  };
  let count = 0;
  let clipped = 0;
  for (const first of blocks) {
    let sumSent = 0;
    let squares = 0;
    let sumReturned = 0;
    let low = 255;
    let high = 0;
    let unfit = 0;
    let ends = 0;
    for (let dy = 0; dy < BLOCK; dy++) {
      for (let i = first + dy * width, end = i + BLOCK; i < end; i++) {
        const s = sent[i * 4 + channel]!;
        const r = returned[i * 4 + channel]!;
        if (inner[i] === 1 || sent[i * 4 + 3] !== 255 || returned[i * 4 + 3] !== 255) unfit += BLOCK * BLOCK;
        if (r === 0 || r === 255) {
          ends++;
          // Of what was at the end before, nothing can be told.
          if (s === r) unfit++;
        }
        sumSent += s;
        squares += s * s;
        sumReturned += r;
        if (s < low) low = s;
        if (s > high) high = s;
      }
    }
    if (unfit > BLOCK) continue;
    // Edges against white that was cut off would tell the true curve, which white itself no longer follows.
    if (withClipped && high - low > CONTRAST) continue;
    if ((ends > BLOCK || sumReturned > LIMIT * BLOCK * BLOCK) && !withClipped) {
      clipped++;
      continue;
    }
    const mean = sumSent / (BLOCK * BLOCK);
    out.sent[count] = mean;
    out.spreads[count] = Math.sqrt(Math.max(0, squares / (BLOCK * BLOCK) - mean * mean));
    out.returned[count] = sumReturned / (BLOCK * BLOCK);
    out.weights[count++] = 1 / (1 + ((high - low) / CONTRAST) ** 2);
  }
  const samples = {
    sent: out.sent.subarray(0, count),
    returned: out.returned.subarray(0, count),
    spreads: out.spreads.subarray(0, count),
    weights: out.weights.subarray(0, count),
    limit: withClipped ? Number.POSITIVE_INFINITY : LIMIT,
  };
  return { samples, clipped };
}
