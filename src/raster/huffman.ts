/** A canonical Huffman code (RFC 1951, 3.2.2): of each symbol the length, and the bits in writing order. */
export interface HuffmanCode {
  readonly lengths: Uint8Array;
  readonly bits: Uint16Array;
}

/**
 * Code lengths 1 … limit for the symbols of non-zero frequency, 0 for the others; optimal unless the limit cuts
 * in. A single used symbol gets one bit.
 */
export function codeLengths(frequencies: Uint32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(frequencies.length);
  const symbols: number[] = [];
  frequencies.forEach((frequency, symbol) => {
    if (frequency > 0) symbols.push(symbol);
  });
  symbols.sort((a, b) => frequencies[a]! - frequencies[b]!);
  const perLength = lengthCounts(
    symbols.map((symbol) => frequencies[symbol]!),
    limit,
  );
  let next = 0;
  for (let length = limit; length > 0; length--) {
    for (let i = 0; i < perLength[length]!; i++) lengths[symbols[next++]!] = length;
  }
  return lengths;
}

/** How many codes of each length an optimal code has, for weights in ascending order; cut to the limit. */
function lengthCounts(weights: number[], limit: number): number[] {
  const count = weights.length;
  const perLength = new Array<number>(limit + 1).fill(0);
  if (count <= 1) {
    perLength[1] = count;
    return perLength;
  }
  // Two queues: leaves and inner nodes are both in ascending order, so the two lightest are at their heads.
  const nodes = weights.slice();
  const parents = new Array<number>(2 * count - 1).fill(0);
  let leaf = 0;
  let inner = count;
  const lightest = () =>
    inner >= nodes.length || (leaf < count && nodes[leaf]! <= nodes[inner]!) ? leaf++ : inner++;
  while (nodes.length < 2 * count - 1) {
    const a = lightest();
    const b = lightest();
    parents[a] = nodes.length;
    parents[b] = nodes.length;
    nodes.push(nodes[a]! + nodes[b]!);
  }
  const depths = new Array<number>(2 * count - 1).fill(0);
  for (let node = 2 * count - 3; node >= 0; node--) {
    const depth = depths[parents[node]!]! + 1;
    depths[node] = depth;
    if (node < count) perLength[Math.min(limit, depth)]!++;
  }
  // Cutting long codes to the limit oversubscribes the code space; lengthen the longest shorter code until it fits.
  let space = perLength.reduce((sum, n, length) => sum + n * 2 ** (limit - length), 0);
  for (; space > 2 ** limit; space--) {
    let length = limit - 1;
    while (perLength[length] === 0) length--;
    perLength[length]!--;
    perLength[length + 1]! += 2;
    perLength[limit]!--;
  }
  return perLength;
}

export function huffmanCode(lengths: Uint8Array): HuffmanCode {
  const next = new Uint16Array(17);
  for (const length of lengths) if (length > 0) next[length + 1]!++;
  for (let length = 2; length <= 16; length++) next[length] = (next[length]! + next[length - 1]!) * 2;
  const bits = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) bits[symbol] = reversed(next[length]!++, length);
  });
  return { lengths, bits };
}

/** Huffman codes are packed from their highest bit on (RFC 1951, 3.1.1), everything else from the lowest. */
function reversed(bits: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((bits >> i) & 1) << (length - 1 - i);
  return result;
}
