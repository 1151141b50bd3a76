import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { CoverageWriter } from './coverageWriter.ts';
import { compactTile } from './denseTile.ts';
import type { Mask } from './mask.ts';
import { darkIsEdited, LEVELS, type Levels, levelsUsed, mappedLevels } from './polarity.ts';
import type { Tile } from './tile.ts';

/** What a picture's mask was read from: its transparency, its brightness, or a brightness that is hardly a mask. */
export type MaskKind = 'alpha' | 'grey' | 'colour';

export interface ReadMask {
  readonly kind: MaskKind;
  /** In px of the file, from (0, 0): 255 where it is transparent, or white. */
  readonly mask: Mask;
  /** Probably meant the other way round: black is edited. */
  readonly flipped: boolean;
  /** Noise of compression near black and white was taken away. */
  readonly cleaned: boolean;
}

/** What is known of a file beside its pixels. */
interface MaskOrigin {
  /** Written by Lacuna: the numbers are coverage as they are. */
  readonly own: boolean;
  /** Its compression leaves noise. */
  readonly lossy: boolean;
}

/** Largest difference between the channels of what still counts as grey. */
const GREY = 24;
/** A picture with more coloured pixels than this share, in more colours than this (of 4,096), is hardly a mask. */
const COLOURED_SHARE = 0.02;
const MANY_COLOURS = 32;
/** Levels of noise that compression leaves beside black and beside white. */
const NOISE = 16;
/** Two levels below this are numbers of labels, such as 0 and 1, and not greys. */
const LABELS = 64;

/** Takes straight RGBA piece by piece, each pixel once, and makes a mask of it. */
export class MaskReader {
  readonly #width: number;
  readonly #height: number;
  readonly #bright: CoverageWriter;
  readonly #clear: CoverageWriter | null;
  #opaque = true;
  readonly #levels: Levels = new Float64Array(LEVELS);
  readonly #edge: Levels = new Float64Array(LEVELS);
  readonly #colours = new Uint8Array(1 << 12);
  #coloured = 0;

  constructor(width: number, height: number, hasAlpha: boolean) {
    this.#width = width;
    this.#height = height;
    const bounds = pixelRect(0, 0, width, height);
    this.#bright = new CoverageWriter(bounds);
    this.#clear = hasAlpha ? new CoverageWriter(bounds) : null;
  }

  add(rgba: Uint8Array, rect: PixelRect): void {
    const count = rect.width * rect.height;
    const words = new Uint32Array(rgba.buffer, rgba.byteOffset, count);
    const bright = new Uint8Array(count);
    let level = 0;
    let coloured = 0;
    for (let i = 0; i < count; i++) {
      // Masks are runs: what repeats need not be looked at again.
      if (i === 0 || words[i] !== words[i - 1]) {
        const [r, g, b] = [rgba[i * 4]!, rgba[i * 4 + 1]!, rgba[i * 4 + 2]!];
        // Rec. 601 luma in 256ths; exact for greys.
        level = (r * 77 + g * 150 + b * 29 + 128) >> 8;
        coloured = Math.max(r, g, b) - Math.min(r, g, b) > GREY ? 1 : 0;
        if (coloured) this.#colours[((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4)] = 1;
      }
      bright[i] = level;
      this.#levels[level]!++;
      this.#coloured += coloured;
    }
    this.#bright.write(bright, rect);
    this.#addEdge(bright, rect);
    if (this.#clear) this.#clear.write(this.#clearness(rgba, count), rect);
  }

  /** To be called once, after all pieces. */
  finish({ own, lossy }: MaskOrigin): ReadMask {
    if (this.#clear && !this.#opaque) {
      return { kind: 'alpha', mask: this.#clear.finish(), flipped: false, cleaned: false };
    }
    const mask = this.#bright.finish();
    const share = this.#coloured / (this.#width * this.#height);
    const colours = this.#colours.reduce((sum, used) => sum + used, 0);
    const kind = share > COLOURED_SHARE && colours > MANY_COLOURS ? 'colour' : 'grey';
    if (own) return { kind, mask, flipped: false, cleaned: false };
    const cleans = lossy && kind === 'grey';
    const curve = (cleans ? null : this.#twoLevels(share > COLOURED_SHARE)) ?? (cleans ? cleaned : null);
    const flipped = darkIsEdited(
      curve ? mappedLevels(this.#edge, curve) : this.#edge,
      curve ? mappedLevels(this.#levels, curve) : this.#levels,
    );
    const noisy = this.#levels.some((n, v) => n > 0 && cleaned(v) !== v && (v <= NOISE || v >= 255 - NOISE));
    return { kind, mask: curve ? mapped(mask, curve) : mask, flipped, cleaned: cleans && noisy };
  }

  #clearness(rgba: Uint8Array, count: number): Uint8Array {
    const clear = new Uint8Array(count);
    for (let i = 0; i < count; i++) clear[i] = 255 - rgba[i * 4 + 3]!;
    this.#opaque &&= clear.every((value) => value === 0);
    return clear;
  }

  /** Pixels at the border of the whole picture. */
  #addEdge(bright: Uint8Array, { x: left, y: top, width, height }: PixelRect): void {
    const last = this.#width - 1;
    for (let y = 0; y < height; y++) {
      const whole = top + y === 0 || top + y === this.#height - 1;
      const columns = whole ? bright.subarray(y * width, (y + 1) * width) : [];
      for (const level of columns) this.#edge[level]!++;
      if (whole) continue;
      if (left === 0) this.#edge[bright[y * width]!]!++;
      if (left + width - 1 === last && last > 0) this.#edge[bright[(y + 1) * width - 1]!]!++;
    }
  }

  /** A picture of two colours, or of two numbers of labels, is black and white. Null for all others. */
  #twoLevels(coloured: boolean): ((level: number) => number) | null {
    const used = levelsUsed(this.#levels);
    const [low, high] = used;
    if (used.length !== 2 || (!coloured && high! >= LABELS)) return null;
    return (level) => (level > low! ? 255 : 0);
  }
}

/** Black up to the noise, white from the noise on, and in between stretched, so that soft edges stay soft. */
const cleaned = (level: number) =>
  Math.min(255, Math.max(0, Math.round(((level - NOISE) * 255) / (255 - 2 * NOISE))));

/** Each coverage by a curve. What is absent stays 0. */
function mapped(mask: Mask, curve: (level: number) => number): Mask {
  const table = Uint8Array.from({ length: LEVELS }, (_, level) => (level === 0 ? 0 : curve(level)));
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of mask.tiles) {
    const value =
      typeof tile === 'number' ? table[tile]! : compactTile(tile.bytes().map((level) => table[level]!));
    if (value !== 0) tiles.set(key, value);
  }
  return { tiles };
}
