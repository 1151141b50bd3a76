import type { DenseTile } from '../raster/tile.ts';
import type { Document } from './document.ts';

export interface HistoryEntry {
  /** What led to this document; the first entry's label names the opening. */
  readonly label: string;
  readonly document: Document;
}

/** Documents in order of time; `index` is the present one. They share tiles, so an entry costs what it changed. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly index: number;
}

/** 256 MB: about 4,000 unpacked tiles; strokes pack to a small part of that. */
export const HISTORY_BUDGET = 256 * 1024 * 1024;

export const startHistory = (label: string, document: Document): History => ({
  entries: [{ label, document }],
  index: 0,
});

export const present = (history: History): Document => history.entries[history.index]!.document;

/** Appends after the present entry, dropping what could have been redone. */
export const push = (history: History, entry: HistoryEntry): History => ({
  entries: [...history.entries.slice(0, history.index + 1), entry],
  index: history.index + 1,
});

/** Moves by −1 (undo) or +1 (redo); the same object when there is nothing there. */
export function step(history: History, by: -1 | 1): History {
  const index = history.index + by;
  return index < 0 || index >= history.entries.length ? history : { ...history, index };
}

function* denseTiles(document: Document): Generator<DenseTile> {
  for (const tile of document.mask.tiles.values()) if (typeof tile !== 'number') yield tile;
  for (const layer of document.layers)
    for (const tile of layer.mask.tiles.values()) if (typeof tile !== 'number') yield tile;
}

/**
 * Packs the tiles that `left` had and the present document does not show. Costs the difference of two
 * neighbours, never the length of the history.
 */
export function packLeft(left: Document, now: Document): void {
  const shown = new Set(denseTiles(now));
  for (const tile of denseTiles(left)) if (!shown.has(tile)) tile.pack();
}

/** Drops the oldest entries while all tiles together exceed `budget` bytes; the present entry always stays. */
export function trim(history: History, budget: number = HISTORY_BUDGET): History {
  const seen = new Set<DenseTile>();
  let bytes = 0;
  for (let k = history.entries.length - 1; k >= 0; k--) {
    for (const tile of denseTiles(history.entries[k]!.document)) {
      if (seen.has(tile)) continue;
      seen.add(tile);
      bytes += tile.byteLength();
    }
    if (bytes > budget && k < history.index) {
      return { entries: history.entries.slice(k + 1), index: history.index - k - 1 };
    }
  }
  return history;
}
