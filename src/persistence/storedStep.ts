import type { Document } from '../editor/document.ts';
import type { Step } from '../editor/history.ts';
import { type Layer, withErased } from '../editor/layer.ts';
import { emptyMask, type Mask, tileKey, tileX, tileY } from '../raster/mask.ts';
import { unpackTile } from '../raster/packedMask.ts';
import type { Tile } from '../raster/tile.ts';
import {
  fields,
  finite,
  list,
  nullable,
  type Parse,
  type Parsed,
  StoredDataError,
  text,
  whole,
} from './parse.ts';
import { liveDocument, type Masks, type NameMask, NO_MASK, storeDocument, storedDocument } from './record.ts';
import { storeTile } from './storedMask.ts';

/**
 * A step of the history as what it changed, both as it was before and as it is after: it can be undone and redone from
 * either neighbour, so the document itself never depends on it, and steps at both ends can go without any being
 * written anew. It never changes once it is stored.
 */
const STEP_VERSION = 1;

const tile: Parse<number | Uint8Array> = (value, path) => {
  if (typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new StoredDataError('malformed', `${path}: a tile expected`);
};

const places: Parse<Int16Array> = (value, path) => {
  if (value instanceof Int16Array) return value;
  throw new StoredDataError('malformed', `${path}: places expected`);
};

/** A document without what was painted, and the result groups that are settled in it. */
const unpainted = fields({ document: storedDocument, settled: list(text) });

const storedStep = fields({
  version: whole(1, STEP_VERSION),
  /** The step's name within its document; grows with time. */
  serial: whole(0, Number.MAX_SAFE_INTEGER),
  label: text,
  at: finite,
  /** null: only what is painted has changed. */
  rest: nullable(fields({ before: unpainted, after: unpainted })),
  painted: list(
    fields({
      /** Whose erasing; null: the document's mask. */
      layerId: nullable(text),
      /** tx, ty of each tile that changed, one after the other. */
      places,
      /** Of each tile, as `PackedMask` has it; 0 where none is. */
      before: list(tile),
      after: list(tile),
    }),
  ),
});

export type StoredStep = Parsed<typeof storedStep>;
type Painted = StoredStep['painted'][number];
type Unpainted = Parsed<typeof unpainted>;
type Side = 'before' | 'after';

export const parseStep = (value: unknown): StoredStep => storedStep(value, 'step');

const erasedOf = ({ layers }: Document, id: string) =>
  layers.find((layer) => layer.id === id)?.erased ?? emptyMask;

function* paintedSteps(layerId: string | null, before: Mask, after: Mask): Generator<void, Painted | null> {
  if (before === after) return null;
  const keys = [...new Set([...before.tiles.keys(), ...after.tiles.keys()])].filter(
    (key) => before.tiles.get(key) !== after.tiles.get(key),
  );
  const sides: Record<Side, (number | Uint8Array)[]> = { before: [], after: [] };
  for (const key of keys) {
    sides.before.push(storeTile(before.tiles.get(key) ?? 0));
    yield;
    sides.after.push(storeTile(after.tiles.get(key) ?? 0));
    yield;
  }
  return { layerId, places: Int16Array.from(keys.flatMap((key) => [tileX(key), tileY(key)])), ...sides };
}

const sameUnpainted = (a: Layer, b: Layer) =>
  a.id === b.id &&
  a.image === b.image &&
  a.rect === b.rect &&
  a.visible === b.visible &&
  a.weights === b.weights &&
  a.origin === b.origin;

const sameRest = (a: Document, b: Document) =>
  a.frame === b.frame &&
  a.reblended === b.reblended &&
  a.settledGroups === b.settledGroups &&
  (a.layers === b.layers ||
    (a.layers.length === b.layers.length && a.layers.every((one, k) => sameUnpainted(one, b.layers[k]!))));

const storeUnpainted = (document: Document, name: NameMask): Unpainted => {
  const stored = storeDocument({ ...document, mask: emptyMask }, name);
  return {
    document: { ...stored, layers: stored.layers.map((layer) => ({ ...layer, erased: NO_MASK })) },
    settled: [...document.settledGroups],
  };
};

/** What is stored of a step after `before`; null: of the first one. Packs tiles, so it may be spread over time. */
export function* storedStepSteps(
  before: Document | null,
  { label, at, document }: Step,
  serial: number,
  name: NameMask,
): Generator<void, StoredStep> {
  const painted: Painted[] = [];
  const own = { version: STEP_VERSION, serial, label, at, painted };
  if (!before) return { ...own, rest: null };
  const mask = yield* paintedSteps(null, before.mask, document.mask);
  if (mask) painted.push(mask);
  if (before.layers !== document.layers) {
    for (const id of new Set([...before.layers, ...document.layers].map((layer) => layer.id))) {
      const erased = yield* paintedSteps(id, erasedOf(before, id), erasedOf(document, id));
      if (erased) painted.push(erased);
    }
  }
  if (sameRest(before, document)) return { ...own, rest: null };
  const rest = { before: storeUnpainted(before, name), after: storeUnpainted(document, name) };
  return { ...own, rest };
}

/** About what it takes in the database, in bytes. */
export function bytesOfStep({ rest, painted }: StoredStep): number {
  const tiles = painted.flatMap(({ before, after }) => [...before, ...after]);
  const layers = rest ? [rest.before, rest.after].flatMap(({ document }) => document.layers) : [];
  return tiles.reduce<number>(
    (sum, one) => sum + 8 + (typeof one === 'number' ? 0 : one.length),
    200 + 1000 * layers.length,
  );
}

/** The documents that a step names pictures and masks with. */
export const documentsOfStep = ({ rest }: StoredStep) =>
  rest ? [rest.before.document, rest.after.document] : [];

function patched(mask: Mask, change: Painted | undefined, side: Side): Mask {
  if (!change) return mask;
  const tiles = new Map<number, Tile>(mask.tiles);
  const { length } = change.places;
  if (length !== change[side].length * 2)
    throw new StoredDataError('malformed', 'step: places and tiles differ');
  change[side].forEach((stored, i) => {
    const key = tileKey(change.places[i * 2]!, change.places[i * 2 + 1]!);
    const value = unpackTile(stored);
    if (value === 0) tiles.delete(key);
    else tiles.set(key, value);
  });
  return { tiles };
}

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The neighbour of a document on one side of a step that lies between them. What did not change stays the same object. */
export function acrossStep(document: Document, step: StoredStep, side: Side, masks: Masks): Document {
  const change = (id: string | null) => step.painted.find(({ layerId }) => layerId === id);
  const painted = (layer: Layer, erased: Mask) =>
    layer.erased === erased ? layer : withErased(layer, erased);
  const erased = (id: string) => patched(erasedOf(document, id), change(id), side);
  const mask = patched(document.mask, change(null), side);
  if (!step.rest) {
    const touched = step.painted.some(({ layerId }) => layerId !== null);
    const layers = touched
      ? document.layers.map((layer) => painted(layer, erased(layer.id)))
      : document.layers;
    return { ...document, mask, layers };
  }
  const there = step.rest[side];
  const here = step.rest[side === 'before' ? 'after' : 'before'].document;
  const live = liveDocument(there.document, masks, document.id);
  const layers = live.layers.map((layer, k) => {
    const stored = here.layers.find(({ id }) => id === layer.id);
    const same = stored && sameJson(stored, there.document.layers[k]);
    const known = same && document.layers.find(({ id }) => id === layer.id);
    return painted(known || layer, erased(layer.id));
  });
  const unmoved =
    layers.length === document.layers.length && layers.every((one, k) => one === document.layers[k]);
  return {
    ...live,
    mask,
    layers: unmoved ? document.layers : layers,
    reblended: sameJson(here.reblended, there.document.reblended) ? document.reblended : live.reblended,
    settledGroups: new Set(there.settled),
  };
}
