/** A stack of pixel indices that grows by doubling: 4 bytes each. */
export class IndexList {
  #items = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(index: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length++] = index;
  }

  /** Only while there are any. */
  pop(): number {
    return this.#items[--this.#length]!;
  }
}
