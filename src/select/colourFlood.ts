import { MAX_LEVEL } from './colourDistance.ts';
import { type DistanceField, UNKNOWN } from './distanceField.ts';
import { IndexList } from './indexList.ts';

/** Spans between two steps: some ten thousand pixels. */
const SPANS_PER_STEP = 256;

/**
 * For each pixel the smallest level at which it is reached from the seed through neighbours that share an edge: the
 * least of the largest distances along a way there. Flooded in ascending order (R. Barnes and others, "Priority-flood",
 * 2014), with a stack per level since levels are few, and span by span within a level. A larger tolerance goes on where the last one
 * ended, a smaller one is a threshold. One byte per pixel, and four per pixel at the border of what was reached.
 */
export class ColourFlood {
  /** UNKNOWN where the flood has not come yet; beyond the level that was asked for only the border is known. */
  readonly levels: Uint8Array;
  readonly #field: DistanceField;
  /** First and last index of each span that was reached at the present level and whose neighbours were not looked at. */
  readonly #spans = new IndexList();
  /** By level: pixels at the border, to be looked at when their level comes. */
  readonly #waiting = Array.from({ length: MAX_LEVEL + 1 }, () => new IndexList());
  #level = 0;
  /** Rows that were reached, half-open. */
  #top: number;
  #bottom: number;

  constructor(field: DistanceField, seed: number) {
    this.#field = field;
    this.levels = new Uint8Array(field.levels.length).fill(UNKNOWN);
    this.#top = this.#bottom = Math.floor(seed / field.frame.width);
    // The seed itself is always reached, also where the mean of its surroundings is another colour.
    this.levels[seed] = 0;
    this.#waiting[0]!.push(seed);
  }

  /** Rows that hold all that was reached and its border, half-open. */
  get rows(): { readonly top: number; readonly bottom: number } {
    return { top: this.#top, bottom: this.#bottom };
  }

  /** Reaches all up to `level`. May be left at any step, and called again. */
  *reach(level: number): Generator<void, void> {
    let steps = 0;
    while (this.#level <= level) {
      const waiting = this.#waiting[this.#level]!;
      if (this.#spans.length > 0) {
        const last = this.#spans.pop();
        this.#spread(this.#spans.pop(), last);
      } else if (waiting.length > 0) {
        const index = waiting.pop();
        this.#spread(index, index);
      } else this.#level++;
      if (++steps % SPANS_PER_STEP === 0) yield;
    }
  }

  /** Grows a span along its row, then looks above and below all of it. */
  #spread(first: number, last: number): void {
    const { width, height } = this.#field.frame;
    const row = Math.floor(first / width);
    const start = row * width;
    while (first > start && this.levels[first - 1] === UNKNOWN && this.#mark(first - 1)) first--;
    while (last < start + width - 1 && this.levels[last + 1] === UNKNOWN && this.#mark(last + 1)) last++;
    if (row > 0) this.#look(first - width, last - width);
    if (row < height - 1) this.#look(first + width, last + width);
    this.#top = Math.min(this.#top, Math.max(0, row - 1));
    this.#bottom = Math.max(this.#bottom, Math.min(height, row + 2));
  }

  /** Pixels that are reached at once become spans. */
  #look(first: number, last: number): void {
    let from = -1;
    for (let index = first; index <= last; index++) {
      const now = this.levels[index] === UNKNOWN && this.#mark(index);
      if (now && from < 0) from = index;
      if (!now && from >= 0) {
        this.#spans.push(from);
        this.#spans.push(index - 1);
        from = -1;
      }
    }
    if (from >= 0) {
      this.#spans.push(from);
      this.#spans.push(last);
    }
  }

  /** True when the pixel is reached at the present level; otherwise it waits for its own. */
  #mark(index: number): boolean {
    const level = this.#field.at(index);
    const now = level <= this.#level;
    this.levels[index] = now ? this.#level : level;
    if (!now) this.#waiting[level]!.push(index);
    return now;
  }
}
