/** Bits into bytes, lowest first, as deflate wants them. */
export class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** The last `#filled` (0–7) bits, not yet a byte. */
  #pending = 0;
  #filled = 0;

  /** Makes room: `put` itself does not check. */
  reserve(bits: number): void {
    const needed = this.#length + Math.ceil(bits / 8) + 8;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** At most 24 bits at a time. Always stores four bytes and then moves on by the whole ones: no branch. */
  put(bits: number, count: number): void {
    const pending = this.#pending | (bits << this.#filled);
    const filled = this.#filled + count;
    this.#view.setInt32(this.#length, pending, true);
    this.#length += filled >> 3;
    this.#pending = pending >>> (filled & 24);
    this.#filled = filled & 7;
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
