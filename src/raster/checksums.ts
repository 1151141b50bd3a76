/** CRC-32 of PNG chunks (ISO 3309, reflected polynomial 0xEDB88320), byte by byte from a table. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let i = start; i < end; i++) crc = crcTable[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const ADLER_MODULUS = 65_521;
/** The sums stay exact integers far above this; dividing seldom is what makes it fast. */
const ADLER_REDUCE_AT = 2 ** 44;

/** Adler-32 (RFC 1950) of a stream that is told in runs of any length, each in constant time. */
export class Adler32 {
  #a = 1;
  #b = 0;

  byte(value: number): void {
    this.#a += value;
    this.#add(this.#a);
  }

  /** Every zero adds the unchanged first sum to the second. */
  zeros(count: number): void {
    this.#add(count * this.#a);
  }

  /**
   * `count` times a group of `size` bytes: `total` is the sum of a group's bytes, `weighted` the sum of each times
   * its distance to the group's end (last byte 1). `count` below 100,000.
   */
  groups(count: number, size: number, total: number, weighted: number): void {
    const pairs = (count * (count - 1)) / 2;
    const sum = count * (size * this.#a + weighted) + pairs * size * total;
    this.#a += count * total;
    this.#add(sum);
  }

  value(): number {
    return ((this.#b % ADLER_MODULUS) * 65_536 + (this.#a % ADLER_MODULUS)) >>> 0;
  }

  #add(sum: number): void {
    this.#b += sum;
    if (this.#b < ADLER_REDUCE_AT) return;
    this.#a %= ADLER_MODULUS;
    this.#b %= ADLER_MODULUS;
  }
}
