import type { ImageRef } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import type { DenseTile } from '../raster/tile.ts';
import type { Document } from './document.ts';
import { type Layer, masksOfLayer, picturesOfLayer } from './layer.ts';

/** One step of the timeline. */
export interface Step {
  /** What led to this document; the first step's label names the opening. */
  readonly label: string;
  /** Unix time in ms. */
  readonly at: number;
  readonly document: Document;
}

export interface HistoryEntry extends Step {
  /** Memory of what the next entry no longer has, in bytes; null until it is packed and weighed, and for the newest. */
  readonly ownBytes: number | null;
}

/** Documents in order of time; `index` is the present one. They share tiles, so an entry costs what it changed. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly index: number;
  /** Older steps went, to keep within the budget. */
  readonly dropped: boolean;
}

/** By default 256 MB, in bytes: about 4,000 unpacked tiles; a hard stroke packs to about a hundredth of that. */
export const HISTORY_BUDGET = 256 * 1024 * 1024;
/** Steps of a few bytes each would never spend the budget: this many can still be listed, stored and read at once. */
const MAX_ENTRIES = 1000;
/** Memory for one tile's place in a mask, in bytes: three words of a hash table that is half full. */
const PLACE_BYTES = 32;

/** A timeline of these steps, as it is brought back from storage; at least one. */
export const historyOf = (steps: readonly Step[], index: number, dropped: boolean): History => ({
  entries: steps.map((step) => ({ ...step, ownBytes: null })),
  index,
  dropped,
});

export const present = (history: History): Document => history.entries[history.index]!.document;

const layersOf = ({ layers, reblended }: Document): Layer[] => [...layers, ...[...reblended.values()].flat()];

const masksOf = (document: Document) => new Set([document.mask, ...layersOf(document).flatMap(masksOfLayer)]);

const picturesOf = (document: Document) =>
  new Map<string, ImageRef>(
    layersOf(document)
      .flatMap(picturesOfLayer)
      .map((image) => [image.id, image]),
  );

/** What `left` holds of masks and `now` does not. Masks share tiles, at the same places: each counts once. */
function leftAlone(left: Document, now: Document): { masks: Mask[]; tiles: DenseTile[] } {
  const shown = [...masksOf(now)];
  const masks = [...masksOf(left)].filter((mask) => !shown.includes(mask));
  const tiles = new Set<DenseTile>();
  for (const mask of masks) {
    for (const [key, tile] of mask.tiles) {
      if (typeof tile === 'number' || tiles.has(tile)) continue;
      if (!shown.some((other) => other.tiles.get(key) === tile)) tiles.add(tile);
    }
  }
  return { masks, tiles: [...tiles] };
}

/** Tiles that `left` showed and `now` does not: they may lie packed. */
export const coldTiles = (left: Document, now: Document): DenseTile[] =>
  left === now ? [] : leftAlone(left, now).tiles;

const bytesOf = (masks: readonly Mask[], tiles: Iterable<DenseTile>) => {
  let bytes = 0;
  for (const { tiles: places } of masks) bytes += places.size * PLACE_BYTES;
  for (const tile of tiles) bytes += tile.byteLength();
  return bytes;
};

/** Pictures count as they lie decoded: only this entry keeps them, and merged or moved layers leave large ones behind. */
function ownBytes(left: Document, next: Document): number {
  const { masks, tiles } = leftAlone(left, next);
  let bytes = bytesOf(masks, tiles);
  if (left.layers === next.layers && left.reblended === next.reblended) return bytes;
  const kept = picturesOf(next);
  for (const [id, { width, height }] of picturesOf(left)) if (!kept.has(id)) bytes += width * height * 4;
  return bytes;
}

/** Of the masks that a document shows, in bytes. */
function shownBytes(document: Document): number {
  const masks = [...masksOf(document)];
  const tiles = new Set(
    masks.flatMap((mask) => [...mask.tiles.values()].filter((one) => typeof one !== 'number')),
  );
  return bytesOf(masks, tiles);
}

/** What the timeline holds of masks, and of pictures that only former steps show, in bytes. */
export const heldBytes = ({ entries }: History): number =>
  entries.reduce((sum, entry) => sum + (entry.ownBytes ?? 0), shownBytes(entries.at(-1)!.document));

/** Appends after the present entry, and drops what could have been redone. */
export function push({ entries, index, dropped }: History, step: Step): History {
  const kept = entries.slice(Math.max(0, index + 2 - MAX_ENTRIES), index + 1);
  kept[kept.length - 1] = { ...kept.at(-1)!, ownBytes: null };
  return {
    entries: [...kept, { ...step, ownBytes: null }],
    index: kept.length,
    dropped: dropped || kept.length <= index,
  };
}

/**
 * Weighs what was not weighed yet, and drops the oldest entries while all exceed `budget` bytes; never the present one,
 * nor the one before it. Costs what is new, and a sum.
 */
export function weigh(history: History, budget: number = HISTORY_BUDGET): History {
  const last = history.entries.length - 1;
  const fresh = history.entries.some((entry, k) => k < last && entry.ownBytes === null);
  const entries = fresh
    ? history.entries.map((entry, k) =>
        k === last || entry.ownBytes !== null
          ? entry
          : { ...entry, ownBytes: ownBytes(entry.document, history.entries[k + 1]!.document) },
      )
    : history.entries;
  let bytes = heldBytes({ ...history, entries });
  let oldest = 0;
  while (bytes > budget && oldest < history.index - 1) bytes -= entries[oldest++]!.ownBytes!;
  if (oldest === 0) return fresh ? { ...history, entries } : history;
  return { entries: entries.slice(oldest), index: history.index - oldest, dropped: true };
}

/** Makes another entry the present one; the same object when there is no such entry, or when it is. */
export const jump = (history: History, index: number): History =>
  index === history.index || !(index in history.entries) ? history : { ...history, index };
