import { Adler32 } from './checksums.ts';
import { codeLengths, type HuffmanCode, huffmanCode } from './huffman.ts';

/** Tokens of the block being collected, by range: what is written is decided once the block's codes are known. */
const PIXEL = 256; // + d: the four bytes d, d, d, −d
const REPEAT_PIXEL = 512; // + length: match at distance 4
const REPEAT_BYTE = 1024; // + length: match at distance 1
const REPEAT_LONG = 2048; // + n: n matches of 258 bytes at distance 1

const BLOCK_TOKENS = 1 << 16;
const LONGEST_MATCH = 258;
const SHORTEST_MATCH = 3;
const END_OF_BLOCK = 256;
const DISTANCE_1 = 0;
const DISTANCE_4 = 3;
/** Two of these, or one with a length's 5 extra bits and a distance, fit the 24 bits that are put at a time. */
const LITERAL_LIMIT = 12;
const DISTANCE_LIMIT = 7;

/** RFC 1951, 3.2.5: symbol and number of extra bits for match lengths 3 … 258, and each symbol's first length. */
const lengthSymbols = new Uint16Array(LONGEST_MATCH + 1);
const lengthExtraBits = new Uint8Array(LONGEST_MATCH + 1);
const lengthExtras = new Uint8Array(LONGEST_MATCH + 1);
for (let symbol = 257, length = SHORTEST_MATCH; symbol < 285; symbol++) {
  const bits = symbol < 265 ? 0 : (symbol - 261) >> 2;
  for (let extra = 0; extra < 1 << bits; extra++, length++) {
    lengthSymbols[length] = symbol;
    lengthExtraBits[length] = bits;
    lengthExtras[length] = extra;
  }
}
lengthSymbols[LONGEST_MATCH] = 285;
lengthExtraBits[LONGEST_MATCH] = 0;
lengthExtras[LONGEST_MATCH] = 0;

/** RFC 1951, 3.2.7: the order in which the lengths of the code length code are written. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * A zlib stream (RFC 1950, 1951) of filtered mask rows. In such rows nearly everything is zero, and what is not are
 * pixels d, d, d, −d; so the matches are known beforehand, no window is searched, and a run of zeros costs one
 * token however long it is.
 */
export class MaskDeflate {
  readonly #adler = new Adler32();
  readonly #tokens = new Int32Array(BLOCK_TOKENS);
  #count = 0;
  #out = new Uint8Array(1 << 16);
  #length = 0;
  #bitBuffer = 0;
  #bitCount = 0;

  constructor() {
    // 32 KB window, default compression, and the check that makes it a multiple of 31.
    this.#put(0x78, 8);
    this.#put(0x9c, 8);
  }

  byte(value: number): void {
    this.#adler.byte(value);
    this.#token(value);
  }

  /** `count` zero bytes. */
  zeros(count: number): void {
    if (count === 0) return;
    this.#adler.zeros(count);
    this.#token(0);
    const long = Math.floor((count - 1) / LONGEST_MATCH);
    const rest = count - 1 - long * LONGEST_MATCH;
    if (long > 0) this.#token(REPEAT_LONG + long);
    if (rest >= SHORTEST_MATCH) this.#token(REPEAT_BYTE + rest);
    else for (let i = 0; i < rest; i++) this.#token(0);
  }

  /** `count` pixels of the four bytes d, d, d, −d (mod 256); d is 1 … 255. */
  pixels(d: number, count: number): void {
    this.#adler.groups(count, 4, 256 + 2 * d, 256 + 8 * d);
    this.#token(PIXEL + d);
    let rest = (count - 1) * 4;
    while (rest > 0) {
      const length = Math.min(rest, LONGEST_MATCH - 2);
      this.#token(REPEAT_PIXEL + length);
      rest -= length;
    }
  }

  /** Ends the stream. */
  finish(): Uint8Array {
    this.#flush(true);
    this.#reserve(8);
    if (this.#bitCount > 0) this.#put(0, 8 - this.#bitCount);
    const sum = this.#adler.value();
    for (let shift = 24; shift >= 0; shift -= 8) this.#put((sum >>> shift) & 255, 8);
    return this.#out.subarray(0, this.#length);
  }

  #token(token: number): void {
    if (this.#count === BLOCK_TOKENS) this.#flush(false);
    this.#tokens[this.#count++] = token;
  }

  #flush(final: boolean): void {
    const { literals, distances } = countSymbols(this.#tokens, this.#count);
    const literalCode = huffmanCode(codeLengths(literals, LITERAL_LIMIT));
    const distanceCode = huffmanCode(codeLengths(distances, DISTANCE_LIMIT));
    let bits = 0;
    for (let i = 0; i < literals.length; i++) {
      bits += literals[i]! * (literalCode.lengths[i]! + (i > END_OF_BLOCK ? 5 + DISTANCE_LIMIT : 0));
    }
    // The header takes at most 14 bits per code length and 100 before them.
    this.#reserve(Math.ceil(bits / 8) + 1024);
    this.#put(final ? 1 : 0, 1);
    this.#put(2, 2);
    this.#writeCodes(literalCode.lengths, distanceCode.lengths);
    this.#writeTokens(literalCode, distanceCode);
    this.#put(literalCode.bits[END_OF_BLOCK]!, literalCode.lengths[END_OF_BLOCK]!);
    this.#count = 0;
  }

  #writeCodes(literal: Uint8Array, distance: Uint8Array): void {
    const runs = runsOfLengths([...literal, ...distance]);
    const frequencies = new Uint32Array(CODE_LENGTH_ORDER.length);
    for (const run of runs) frequencies[run.symbol]!++;
    const code = huffmanCode(codeLengths(frequencies, 7));
    let ordered = CODE_LENGTH_ORDER.length;
    while (ordered > 4 && code.lengths[CODE_LENGTH_ORDER[ordered - 1]!] === 0) ordered--;
    this.#put(literal.length - 257, 5);
    this.#put(distance.length - 1, 5);
    this.#put(ordered - 4, 4);
    for (let i = 0; i < ordered; i++) this.#put(code.lengths[CODE_LENGTH_ORDER[i]!]!, 3);
    for (const run of runs) {
      this.#put(code.bits[run.symbol]!, code.lengths[run.symbol]!);
      this.#put(run.extra, run.extraBits);
    }
  }

  #writeTokens({ bits, lengths }: HuffmanCode, distance: HuffmanCode): void {
    // Of every pixel d: its first two bytes together, and its last two.
    const firstBits = new Uint32Array(256);
    const secondBits = new Uint32Array(256);
    for (let d = 1; d < 256; d++) {
      firstBits[d] = bits[d]! | (bits[d]! << lengths[d]!);
      secondBits[d] = bits[d]! | (bits[256 - d]! << lengths[d]!);
    }
    const long = bits[285]! | (distance.bits[DISTANCE_1]! << lengths[285]!);
    const longBits = lengths[285]! + distance.lengths[DISTANCE_1]!;
    for (let i = 0; i < this.#count; i++) {
      const token = this.#tokens[i]!;
      if (token < PIXEL) {
        this.#put(bits[token]!, lengths[token]!);
      } else if (token < REPEAT_PIXEL) {
        const d = token - PIXEL;
        this.#put(firstBits[d]!, 2 * lengths[d]!);
        this.#put(secondBits[d]!, lengths[d]! + lengths[256 - d]!);
      } else if (token < REPEAT_LONG) {
        const nearest = token >= REPEAT_BYTE;
        const length = nearest ? token - REPEAT_BYTE : token - REPEAT_PIXEL;
        const symbol = lengthSymbols[length]!;
        const symbolBits = lengths[symbol]!;
        this.#put(
          bits[symbol]! | (lengthExtras[length]! << symbolBits),
          symbolBits + lengthExtraBits[length]!,
        );
        const step = nearest ? DISTANCE_1 : DISTANCE_4;
        this.#put(distance.bits[step]!, distance.lengths[step]!);
      } else {
        this.#putRepeated(long, longBits, token - REPEAT_LONG);
      }
    }
  }

  /** The same code many times, as many as fit at once. */
  #putRepeated(code: number, bits: number, count: number): void {
    const group = Math.floor(24 / bits);
    let grouped = 0;
    for (let i = 0; i < group; i++) grouped |= code << (i * bits);
    for (; count >= group; count -= group) this.#put(grouped, group * bits);
    for (; count > 0; count--) this.#put(code, bits);
  }

  /** At most 24 bits. */
  #put(bits: number, count: number): void {
    let buffer = this.#bitBuffer | (bits << this.#bitCount);
    let filled = this.#bitCount + count;
    for (; filled >= 8; filled -= 8) {
      this.#out[this.#length++] = buffer;
      buffer >>>= 8;
    }
    this.#bitBuffer = buffer;
    this.#bitCount = filled;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(this.#length + bytes, this.#out.length * 2));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }
}

function countSymbols(tokens: Int32Array, count: number) {
  const literals = new Uint32Array(286);
  const distances = new Uint32Array(DISTANCE_4 + 1);
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    if (token < PIXEL) {
      literals[token]!++;
    } else if (token < REPEAT_PIXEL) {
      literals[token - PIXEL]! += 3;
      literals[512 - token]!++;
    } else if (token < REPEAT_BYTE) {
      literals[lengthSymbols[token - REPEAT_PIXEL]!]!++;
      distances[DISTANCE_4]!++;
    } else if (token < REPEAT_LONG) {
      literals[lengthSymbols[token - REPEAT_BYTE]!]!++;
      distances[DISTANCE_1]!++;
    } else {
      literals[285]! += token - REPEAT_LONG;
      distances[DISTANCE_1]! += token - REPEAT_LONG;
    }
  }
  literals[END_OF_BLOCK] = 1;
  return { literals, distances };
}

interface LengthRun {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** RFC 1951, 3.2.7: code lengths with their repetitions: 16 = the last one 3–6 times, 17 and 18 = zeros. */
function runsOfLengths(lengths: readonly number[]): LengthRun[] {
  const runs: LengthRun[] = [];
  for (let i = 0; i < lengths.length; ) {
    const length = lengths[i]!;
    let end = i + 1;
    while (end < lengths.length && lengths[end] === length) end++;
    let count = end - i;
    i = end;
    if (length !== 0) {
      runs.push({ symbol: length, extra: 0, extraBits: 0 });
      count--;
    }
    while (count >= 3) {
      const zero = length === 0;
      const part = Math.min(count, zero ? 138 : 6);
      if (!zero) runs.push({ symbol: 16, extra: part - 3, extraBits: 2 });
      else if (part < 11) runs.push({ symbol: 17, extra: part - 3, extraBits: 3 });
      else runs.push({ symbol: 18, extra: part - 11, extraBits: 7 });
      count -= part;
    }
    for (; count > 0; count--) runs.push({ symbol: length, extra: 0, extraBits: 0 });
  }
  return runs;
}
