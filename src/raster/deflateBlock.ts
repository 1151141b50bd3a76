import type { BitWriter } from './bitWriter.ts';
import { codeLengths, type HuffmanCode, huffmanCode } from './huffman.ts';

/**
 * What a deflate block of mask rows consists of, one number each: a literal byte; PIXEL + d, the four bytes d, d, d,
 * −d; LONG_ZEROS + n, which is n times 258 bytes repeated at distance 1; or a negative one, a match (`matchToken`).
 */
export const PIXEL = 256;
export const LONG_ZEROS = 512;
export const LONGEST_MATCH = 258;
export const SHORTEST_MATCH = 3;

/** `length` 3 … 258 bytes, `distance` 1 … 32,768 bytes back. */
export const matchToken = (length: number, distance: number) => -((length << 16) | distance);

const END_OF_BLOCK = 256;
const LONGEST_SYMBOL = 285;
/** 24 bits are put at a time: two literals; a length with its 5 extra bits; a distance with its 13. */
const LITERAL_LIMIT = 12;
const DISTANCE_LIMIT = 11;

/** RFC 1951, 3.2.5: for match lengths 3 … 258 the symbol, the number of extra bits, and these. */
const lengthSymbols = new Uint16Array(LONGEST_MATCH + 1);
const lengthExtraBits = new Uint8Array(LONGEST_MATCH + 1);
const lengthExtras = new Uint8Array(LONGEST_MATCH + 1);
for (let symbol = 257, length = SHORTEST_MATCH; symbol < LONGEST_SYMBOL; symbol++) {
  const bits = symbol < 265 ? 0 : (symbol - 261) >> 2;
  for (let extra = 0; extra < 1 << bits; extra++, length++) {
    lengthSymbols[length] = symbol;
    lengthExtraBits[length] = bits;
    lengthExtras[length] = extra;
  }
}
lengthSymbols[LONGEST_MATCH] = LONGEST_SYMBOL;
lengthExtraBits[LONGEST_MATCH] = 0;
lengthExtras[LONGEST_MATCH] = 0;

/** Extra bits of a distance: all below its two highest. */
const distanceExtraBits = (distance: number) => (distance < 3 ? 0 : 30 - Math.clz32(distance - 1));

function distanceSymbol(distance: number, extraBits: number): number {
  return extraBits * 2 + ((distance - 1) >> extraBits);
}

/** Writes one block with Huffman codes of its own (RFC 1951, 3.2.7). */
export function writeBlock(out: BitWriter, tokens: Int32Array, count: number, final: boolean): void {
  const { literals, distances } = countSymbols(tokens, count);
  const literal = huffmanCode(codeLengths(literals, LITERAL_LIMIT));
  const distance = huffmanCode(codeLengths(distances, DISTANCE_LIMIT));
  // The code lengths take at most 14 bits each; a match at most 5 + 11 + 13 bits beyond its length symbol.
  let bits = 14 * (literals.length + distances.length) + 100;
  literals.forEach((n, symbol) => {
    bits += n * (literal.lengths[symbol]! + (symbol > END_OF_BLOCK && symbol < LONGEST_SYMBOL ? 29 : 0));
  });
  bits += literals[LONGEST_SYMBOL]! * 24;
  out.reserve(bits);
  out.put(final ? 1 : 0, 1);
  out.put(2, 2);
  writeCodeLengths(out, literal.lengths, distance.lengths);
  writeTokens(out, tokens, count, literal, distance);
  out.put(literal.bits[END_OF_BLOCK]!, literal.lengths[END_OF_BLOCK]!);
}

function countSymbols(tokens: Int32Array, count: number) {
  const literals = new Uint32Array(LONGEST_SYMBOL + 1);
  const distances = new Uint32Array(30);
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    if (token < 0) {
      literals[lengthSymbols[-token >> 16]!]!++;
      const back = -token & 0xffff;
      distances[distanceSymbol(back, distanceExtraBits(back))]!++;
    } else if (token < PIXEL) {
      literals[token]!++;
    } else if (token < LONG_ZEROS) {
      literals[token - PIXEL]! += 3;
      literals[2 * PIXEL - token]!++;
    } else {
      literals[LONGEST_SYMBOL]! += token - LONG_ZEROS;
      distances[0]! += token - LONG_ZEROS;
    }
  }
  literals[END_OF_BLOCK] = 1;
  return { literals, distances };
}

function writeTokens(
  out: BitWriter,
  tokens: Int32Array,
  count: number,
  { bits, lengths }: HuffmanCode,
  distance: HuffmanCode,
): void {
  // Of every pixel d: its first two bytes together, and its last two.
  const firstBits = new Int32Array(256);
  const lastBits = new Int32Array(256);
  for (let d = 1; d < 256; d++) {
    firstBits[d] = bits[d]! | (bits[d]! << lengths[d]!);
    lastBits[d] = bits[d]! | (bits[256 - d]! << lengths[d]!);
  }
  const zeros = bits[LONGEST_SYMBOL]! | (distance.bits[0]! << lengths[LONGEST_SYMBOL]!);
  const zerosBits = lengths[LONGEST_SYMBOL]! + distance.lengths[0]!;
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    if (token < 0) {
      const length = -token >> 16;
      const symbol = lengthSymbols[length]!;
      const symbolBits = lengths[symbol]!;
      out.put(bits[symbol]! | (lengthExtras[length]! << symbolBits), symbolBits + lengthExtraBits[length]!);
      const back = -token & 0xffff;
      const extraBits = distanceExtraBits(back);
      const step = distanceSymbol(back, extraBits);
      const stepBits = distance.lengths[step]!;
      const extra = (back - 1) & ((1 << extraBits) - 1);
      out.put(distance.bits[step]! | (extra << stepBits), stepBits + extraBits);
    } else if (token < PIXEL) {
      out.put(bits[token]!, lengths[token]!);
    } else if (token < LONG_ZEROS) {
      const d = token - PIXEL;
      out.put(firstBits[d]!, 2 * lengths[d]!);
      out.put(lastBits[d]!, lengths[d]! + lengths[256 - d]!);
    } else {
      out.putRepeated(zeros, zerosBits, token - LONG_ZEROS);
    }
  }
}

/** RFC 1951, 3.2.7: the order in which the lengths of the code length code are written. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function writeCodeLengths(out: BitWriter, literal: Uint8Array, distance: Uint8Array): void {
  const runs = runsOfLengths([...literal, ...distance]);
  const frequencies = new Uint32Array(CODE_LENGTH_ORDER.length);
  for (const run of runs) frequencies[run.symbol]!++;
  const code = huffmanCode(codeLengths(frequencies, 7));
  let ordered = CODE_LENGTH_ORDER.length;
  while (ordered > 4 && code.lengths[CODE_LENGTH_ORDER[ordered - 1]!] === 0) ordered--;
  out.put(literal.length - 257, 5);
  out.put(distance.length - 1, 5);
  out.put(ordered - 4, 4);
  for (let i = 0; i < ordered; i++) out.put(code.lengths[CODE_LENGTH_ORDER[i]!]!, 3);
  for (const run of runs) {
    out.put(code.bits[run.symbol]!, code.lengths[run.symbol]!);
    out.put(run.extra, run.extraBits);
  }
}

interface LengthRun {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** Code lengths with their repetitions: symbol 16 = the last one again 3–6 times, 17 and 18 = 3–10, 11–138 zeros. */
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
      const part = Math.min(count, length === 0 ? 138 : 6);
      if (length !== 0) runs.push({ symbol: 16, extra: part - 3, extraBits: 2 });
      else if (part < 11) runs.push({ symbol: 17, extra: part - 3, extraBits: 3 });
      else runs.push({ symbol: 18, extra: part - 11, extraBits: 7 });
      count -= part;
    }
    for (; count > 0; count--) runs.push({ symbol: length, extra: 0, extraBits: 0 });
  }
  return runs;
}
