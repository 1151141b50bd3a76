import { type PixelRect, union } from '../geometry/rect.ts';
import { compactTile, denseTile } from './denseTile.ts';
import { type CoverageSource, type Mask, tileKey } from './mask.ts';
import { sameTile, TILE_AREA, type Tile } from './tile.ts';

/**
 * A mask being changed: a mutable view over an immutable base that copies only the tiles it writes. It lives
 * outside every store and ends in one `commit`, or is dropped.
 */
export interface Draft extends CoverageSource {
  /** The document's frame: whoever writes keeps within it. */
  readonly bounds: PixelRect;
  /** The bytes of tile (tx, ty) to write to: a copy of the base's, made at the first call. */
  writable(tx: number, ty: number): Uint8Array;
  /** Gives the whole tile (tx, ty), which must lie inside the bounds, one value; no byte is visited. */
  fillTile(tx: number, ty: number, value: number): void;
  /** Reports pixels just written, for the painter. */
  touch(rect: PixelRect): void;
  /** Smallest rectangle around all that was touched since the last call, or null. */
  takeDirty(): PixelRect | null;
  /**
   * The finished mask: untouched tiles, and tiles that ended up as they were, are the base's own; the base itself
   * when nothing changed. Hands the written tiles over, so writing afterwards throws.
   */
  commit(): Mask;
}

class TileDraft implements Draft {
  readonly bounds: PixelRect;
  readonly #base: Mask;
  readonly #written = new Map<number, Tile>();
  #dirty: PixelRect | null = null;
  #committed: Mask | null = null;

  constructor(base: Mask, bounds: PixelRect) {
    this.#base = base;
    this.bounds = bounds;
  }

  tile(tx: number, ty: number): Tile {
    const key = tileKey(tx, ty);
    return this.#written.get(key) ?? this.#base.tiles.get(key) ?? 0;
  }

  writable(tx: number, ty: number): Uint8Array {
    if (this.#committed) throw new Error('The draft is committed');
    const key = tileKey(tx, ty);
    const written = this.#written.get(key);
    if (written !== undefined && typeof written !== 'number') return written.bytes();
    const base = written ?? this.#base.tiles.get(key) ?? 0;
    const bytes = typeof base === 'number' ? new Uint8Array(TILE_AREA).fill(base) : base.bytes().slice();
    this.#written.set(key, denseTile(bytes));
    return bytes;
  }

  fillTile(tx: number, ty: number, value: number): void {
    if (this.#committed) throw new Error('The draft is committed');
    this.#written.set(tileKey(tx, ty), value);
  }

  touch(rect: PixelRect): void {
    this.#dirty = union(this.#dirty, rect);
  }

  takeDirty(): PixelRect | null {
    const dirty = this.#dirty;
    this.#dirty = null;
    return dirty;
  }

  commit(): Mask {
    this.#committed ??= this.#merged();
    return this.#committed;
  }

  #merged(): Mask {
    const tiles = new Map(this.#base.tiles);
    let changed = false;
    for (const [key, written] of this.#written) {
      if (sameTile(written, tiles.get(key) ?? 0)) continue;
      changed = true;
      const tile = typeof written === 'number' ? written : compactTile(written.bytes());
      if (tile === 0) tiles.delete(key);
      else tiles.set(key, typeof tile === 'number' ? tile : written);
    }
    return changed ? { tiles } : this.#base;
  }
}

/** Starts changing `base` within `bounds`; the base is never written to. */
export const beginDraft = (base: Mask, bounds: PixelRect): Draft => new TileDraft(base, bounds);
