/**
 * What of a row lies within a radius of a set, from the distances within the columns: each pixel's column reaches
 * √(radius² − distance²) px along the row, and what any of them reaches is found in one sweep each way. Only for pixels
 * that are reached in part is the nearest one searched for; those lie along the border, so that on average a search
 * of 2 · radius px costs no more than the sweeps.
 * The two phases are those of A. Meijster, J. Roerdink, W. Hesselink, "A General Algorithm for Computing Distance
 * Transforms in Linear Time" (2000).
 */
export class RowReach {
  readonly #radius: number;
  /** By distance within the column: how many px along the row are reached wholly, and how many at all; −1: none. */
  readonly #wholly: Int32Array;
  readonly #partly: Int32Array;
  /** What was reached of the row: 2 wholly, 1 in part, 0 not at all. */
  readonly #reached: Uint8Array;

  /** `length`: of the longest row. */
  constructor(radius: number, length: number) {
    this.#radius = radius;
    const beyond = Math.ceil(radius) + 2;
    this.#wholly = Int32Array.from({ length: beyond + 1 }, (_, far) => along(radius, far));
    this.#partly = Int32Array.from({ length: beyond + 1 }, (_, far) => along(radius + 1, far));
    this.#reached = new Uint8Array(length);
  }

  /**
   * Adds `weight` to the `width` pixels from `to` on that lie within the radius of the set, and in proportion up to
   * 1 px farther away; not to the set's own. They are those from `from` on of a row of `columns` that begins at `start`,
   * all of whose `length` pixels count.
   */
  add(
    out: Float32Array,
    to: number,
    width: number,
    weight: number,
    columns: Uint16Array,
    start: number,
    length: number,
    from: number,
  ): void {
    const wholly = this.#wholly;
    const partly = this.#partly;
    const reached = this.#reached;
    // The last pixels that were reached so far.
    let whole = -1;
    let part = -1;
    for (let q = 0; q < from + width; q++) {
      const far = columns[start + q]!;
      const wholeEnd = q + wholly[far]!;
      const partEnd = q + partly[far]!;
      if (wholeEnd > whole) whole = wholeEnd;
      if (partEnd > part) part = partEnd;
      reached[q] = whole >= q ? 2 : part >= q ? 1 : 0;
    }
    whole = length;
    part = length;
    for (let q = length - 1; q >= from; q--) {
      const far = columns[start + q]!;
      const wholeEnd = q - wholly[far]!;
      const partEnd = q - partly[far]!;
      if (wholeEnd < whole) whole = wholeEnd;
      if (partEnd < part) part = partEnd;
      if (whole <= q) reached[q] = 2;
      else if (part <= q && reached[q] === 0) reached[q] = 1;
    }
    for (let q = from; q < from + width; q++) {
      if (columns[start + q] === 0 || reached[q] === 0) continue;
      out[to + q - from]! += reached[q] === 2 ? weight : weight * this.#share(columns, start, length, q);
    }
  }

  #share(columns: Uint16Array, start: number, length: number, q: number): number {
    const none = this.#radius + 1;
    let nearest = none * none;
    for (let across = 0, at = start + q; at >= start && across * across < nearest; across++, at--) {
      const far = columns[at]!;
      nearest = Math.min(nearest, across * across + far * far);
    }
    for (
      let across = 1, at = start + q + 1;
      at < start + length && across * across < nearest;
      across++, at++
    ) {
      const far = columns[at]!;
      nearest = Math.min(nearest, across * across + far * far);
    }
    return none - Math.sqrt(nearest);
  }
}

function along(radius: number, far: number): number {
  return far <= radius ? Math.floor(Math.sqrt(radius * radius - far * far)) : -1;
}
