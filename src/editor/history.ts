import type { DenseTile } from '../raster/tile.ts';
import type { Document } from './document.ts';
import { masksOfLayer } from './layer.ts';

export interface HistoryEntry {
  /** What led to this document; the first entry's label names the opening. */
  readonly label: string;
  readonly document: Document;
  /** Memory of the tiles that the next entry no longer has, packed; 0 for the newest entry. */
  readonly ownBytes: number;
}

/** Documents in order of time; `index` is the present one. They share tiles, so an entry costs what it changed. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly index: number;
}

/** 256 MB: about 4,000 unpacked tiles; a hard stroke packs to about a hundredth of that. */
const HISTORY_BUDGET = 256 * 1024 * 1024;

export const startHistory = (label: string, document: Document): History => ({
  entries: [{ label, document, ownBytes: 0 }],
  index: 0,
});

export const present = (history: History): Document => history.entries[history.index]!.document;

function* denseTiles(document: Document): Generator<DenseTile> {
  const layers = [...document.layers, ...[...document.reblended.values()].flat()];
  const masks = new Set([document.mask, ...layers.flatMap(masksOfLayer)]);
  // Masks share tiles: each counts once.
  const seen = new Set<DenseTile>();
  for (const { tiles } of masks) {
    for (const tile of tiles.values()) {
      if (typeof tile === 'number' || seen.has(tile)) continue;
      seen.add(tile);
      yield tile;
    }
  }
}

/** Packs the tiles of `left` that `now` does not show; returns their memory afterwards, in bytes. */
function packLeft(left: Document, now: Document): number {
  const shown = new Set(denseTiles(now));
  let bytes = 0;
  for (const tile of denseTiles(left)) {
    if (shown.has(tile)) continue;
    tile.pack();
    bytes += tile.byteLength();
  }
  return bytes;
}

/**
 * Appends after the present entry, drops what could have been redone, and then the oldest entries while all
 * tiles together exceed `budget` bytes. Costs the two newest documents and a sum, not the tiles of all entries.
 */
export function push(
  history: History,
  label: string,
  document: Document,
  budget: number = HISTORY_BUDGET,
): History {
  const left = history.entries[history.index]!;
  const entries = history.entries.slice(0, history.index);
  entries.push({ ...left, ownBytes: packLeft(left.document, document) }, { label, document, ownBytes: 0 });
  let bytes = 0;
  for (const tile of denseTiles(document)) bytes += tile.byteLength();
  let oldest = entries.length - 1;
  while (oldest > 0 && bytes + entries[oldest - 1]!.ownBytes <= budget) bytes += entries[--oldest]!.ownBytes;
  return { entries: entries.slice(oldest), index: entries.length - 1 - oldest };
}

/** Moves by −1 (undo) or +1 (redo); the same object when there is nothing there. */
export function step(history: History, by: -1 | 1): History {
  const index = history.index + by;
  if (index < 0 || index >= history.entries.length) return history;
  packLeft(present(history), history.entries[index]!.document);
  return { ...history, index };
}
