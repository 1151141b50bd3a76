import { BitWriter } from './bitWriter.ts';
import { LONG_ZEROS, LONGEST_MATCH, matchToken, PIXEL, SHORTEST_MATCH, writeBlock } from './deflateBlock.ts';

/** A block ends with the row in which it reaches this; */
const BLOCK_TOKENS = 1 << 16;
/** one row of 16,384 pixels takes at most five tokens for each: its zeros before, and itself. */
const TOKENS = BLOCK_TOKENS + 5 * 16_384 + 16;
const ADLER_MODULUS = 65_521;

const WINDOW = 32_768;
/**
 * Changed pixels remembered: those of a row (up to 16,384), and before it those that the window can hold (one
 * per four bytes; of a grey stream the latest). A power of two, so that an index is cut to it by a mask.
 */
const HISTORY = 32_768;

/** Bytes of a pixel: grey, or red, green, blue and alpha. */
export type PixelBytes = 1 | 4;

/**
 * A zlib stream (RFC 1950, 1951) of filtered mask rows. In such a row nearly everything is zero, and what is not are
 * pixels d, d, d, −d, or d in a grey one. So only these are looked at: a run of zeros is one token however long it is,
 * and matches are searched among the changed pixels of the window instead of among its bytes.
 */
export class MaskDeflate {
  /** Of a pixel. */
  readonly #bytes: PixelBytes;
  readonly #out = new BitWriter();
  readonly #tokens = new Int32Array(TOKENS);
  #count = 0;
  /** Adler-32's sums, divided once per row: until then they stay exact integers. */
  #adlerA = 1;
  #adlerB = 0;
  /** Bytes of the uncompressed stream so far. */
  #position = 0;
  /** Changed pixels: difference, and place in the uncompressed stream. `#known` counts all so far. */
  readonly #deltas = new Uint8Array(HISTORY);
  readonly #places = new Int32Array(HISTORY);
  #known = 0;
  /** Number of the latest changed pixel of each difference d, and of each d followed by another: d + 256 · next. */
  readonly #latest = new Int32Array(256).fill(-1);
  readonly #latestPair = new Int32Array(256 * 256).fill(-1);

  constructor(bytes: PixelBytes) {
    this.#bytes = bytes;
    // 32 KB window, default compression, and the check that makes it a multiple of 31.
    this.#out.put(0x78, 8);
    this.#out.put(0x9c, 8);
  }

  literal(byte: number): void {
    this.#adlerA += byte;
    this.#adlerB += this.#adlerA;
    this.#position++;
    this.#token(byte);
  }

  /**
   * `width` pixels (at most 16,384) that are zero except for `count` changed ones, given in ascending columns with
   * their difference d = 1 … 255, which stands for the bytes d, d, d, −d, or for d alone.
   */
  pixels(width: number, columns: Uint16Array, deltas: Uint8Array, count: number): void {
    const first = this.#known;
    let a = this.#adlerA;
    let b = this.#adlerB;
    let at = this.#position;
    const start = at;
    const bytes = this.#bytes;
    for (let i = 0; i < count; i++) {
      const place = start + columns[i]! * bytes;
      const d = deltas[i]!;
      const slot = (first + i) & (HISTORY - 1);
      this.#deltas[slot] = d;
      this.#places[slot] = place;
      if (bytes === 4) {
        b += (place - at + 4) * a + 8 * d + 256;
        a += 2 * d + 256;
      } else {
        b += (place - at + 1) * a + d;
        a += d;
      }
      at = place + bytes;
    }
    this.#known = first + count;
    this.#position = start + width * bytes;
    this.#adlerA = a % ADLER_MODULUS;
    this.#adlerB = (b + (this.#position - at) * a) % ADLER_MODULUS;
    this.#tokenise(first, start);
    if (this.#count >= BLOCK_TOKENS) {
      writeBlock(this.#out, this.#tokens, this.#count, false);
      this.#count = 0;
    }
  }

  /** Ends the stream. */
  finish(): Uint8Array {
    writeBlock(this.#out, this.#tokens, this.#count, true);
    this.#out.reserve(64);
    this.#out.align();
    for (const sum of [this.#adlerB % ADLER_MODULUS, this.#adlerA % ADLER_MODULUS]) {
      this.#out.put(sum >> 8, 8);
      this.#out.put(sum & 255, 8);
    }
    return this.#out.bytes();
  }

  /** Turns the changed pixels from number `first` on, in a row that starts at `start`, into tokens. */
  #tokenise(first: number, start: number): void {
    const deltas = this.#deltas;
    const places = this.#places;
    const bytes = this.#bytes;
    const worthwhile = SHORTEST_MATCH / bytes;
    let at = start;
    for (let i = first; i < this.#known; ) {
      const slot = i & (HISTORY - 1);
      const place = places[slot]!;
      this.#zeros(place - at);
      const before = i - 1;
      const repeats =
        i > first && places[before & (HISTORY - 1)] === place - bytes ? this.#common(before, i) : 0;
      const earlier = this.#earlier(i);
      const matched = earlier < 0 ? 0 : this.#common(earlier, i);
      const length = matched > 0 ? places[(i + matched - 1) & (HISTORY - 1)]! + bytes - place : 0;
      if (repeats >= worthwhile && repeats >= matched) {
        this.#token(matchToken(repeats * bytes, bytes));
        i += repeats;
      } else if (length >= SHORTEST_MATCH) {
        this.#token(matchToken(length, place - places[earlier & (HISTORY - 1)]!));
        for (const end = i + matched; ++i < end; ) this.#latestPair[this.#pair(i)] = i;
      } else {
        this.#token(bytes === 4 ? PIXEL + deltas[slot]! : deltas[slot]!);
        i++;
      }
      at = places[(i - 1) & (HISTORY - 1)]! + bytes;
    }
    this.#zeros(this.#position - at);
  }

  /** The latest changed pixel in the window with the difference of `i`, and the next one's if that is to be had. */
  #earlier(i: number): number {
    const d = this.#deltas[i & (HISTORY - 1)]!;
    const pair = this.#pair(i);
    const withNext = this.#latestPair[pair]!;
    const alone = this.#latest[d]!;
    this.#latestPair[pair] = i;
    this.#latest[d] = i;
    if (this.#inWindow(withNext, i)) return withNext;
    return this.#inWindow(alone, i) ? alone : -1;
  }

  #pair(i: number): number {
    const next = i + 1 < this.#known ? this.#deltas[(i + 1) & (HISTORY - 1)]! : 0;
    return this.#deltas[i & (HISTORY - 1)]! | (next << 8);
  }

  #inWindow(earlier: number, i: number): boolean {
    // Beyond this the slot may hold a later pixel.
    if (earlier < 0 || i - earlier > WINDOW / 4) return false;
    return this.#places[i & (HISTORY - 1)]! - this.#places[earlier & (HISTORY - 1)]! <= WINDOW;
  }

  /** How many changed pixels from `earlier` and from `i` on are the same and equally far apart, within one match. */
  #common(earlier: number, i: number): number {
    const deltas = this.#deltas;
    const places = this.#places;
    const back = places[i & (HISTORY - 1)]! - places[earlier & (HISTORY - 1)]!;
    const limit = places[i & (HISTORY - 1)]! + LONGEST_MATCH - this.#bytes;
    let n = 0;
    while (i + n < this.#known) {
      const slot = (i + n) & (HISTORY - 1);
      const other = (earlier + n) & (HISTORY - 1);
      if (deltas[slot] !== deltas[other] || places[slot]! - places[other]! !== back || places[slot]! > limit)
        break;
      n++;
    }
    return n;
  }

  #zeros(count: number): void {
    if (count === 0) return;
    this.#token(0);
    const long = Math.floor((count - 1) / LONGEST_MATCH);
    const rest = count - 1 - long * LONGEST_MATCH;
    if (long > 0) this.#token(LONG_ZEROS + long);
    if (rest >= SHORTEST_MATCH) this.#token(matchToken(rest, 1));
    else for (let i = 0; i < rest; i++) this.#token(0);
  }

  #token(token: number): void {
    this.#tokens[this.#count++] = token;
  }
}
