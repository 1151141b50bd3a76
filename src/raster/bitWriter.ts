/** Bits into bytes, lowest first, as deflate wants them. */
export class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  /** The last `#filled` (0–7) bits, not yet a byte. */
  #pending = 0;
  #filled = 0;

  /** Makes room: `put` itself does not check. */
  reserve(bits: number): void {
    const needed = this.#length + Math.ceil(bits / 8) + 4;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  /** At most 24 bits at a time. */
  put(bits: number, count: number): void {
    let pending = this.#pending | (bits << this.#filled);
    let filled = this.#filled + count;
    for (; filled >= 8; filled -= 8) {
      this.#bytes[this.#length++] = pending;
      pending >>>= 8;
    }
    this.#pending = pending;
    this.#filled = filled;
  }

  /** The same bits `times` times. */
  putRepeated(bits: number, count: number, times: number): void {
    const group = Math.floor(24 / count);
    let grouped = 0;
    for (let i = 0; i < group; i++) grouped |= bits << (i * count);
    let left = times;
    for (; left >= group; left -= group) this.put(grouped, group * count);
    for (; left > 0; left--) this.put(bits, count);
  }

  /** Zero bits up to the next whole byte. */
  align(): void {
    if (this.#filled > 0) this.put(0, 8 - this.#filled);
  }

  /** Everything up to the last whole byte. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
