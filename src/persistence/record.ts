import type { Document } from '../editor/document.ts';
import type { Ask } from '../editor/session.ts';
import type { Result, ResultGroup } from '../jobs/job.ts';
import type { RasterLayer } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import {
  blob,
  fields,
  finite,
  flag,
  list,
  nullable,
  oneOf,
  type Parse,
  type Parsed,
  StoredDataError,
  text,
  whole,
} from './parse.ts';

/**
 * What is stored of a document. Pictures and masks are values that never change: they lie in stores of their own,
 * once each, and are named here by their ids.
 */
export const RECORD_VERSION = 1;

const MAX_EDGE = 32_768;
const length = whole(1, MAX_EDGE);
const place = whole(-MAX_EDGE, MAX_EDGE);
const size = fields({ width: length, height: length });
const rect = fields({ x: place, y: place, width: length, height: length });
const image = fields({ id: text, width: length, height: length });
const layer = fields({ id: text, image, rect, mask: text, visible: flag });

const storedDocument = fields({
  id: text,
  name: text,
  frame: rect,
  picture: image,
  layers: list(layer),
  mask: text,
});

const storedAsk: Parse<Ask> = fields({
  mode: oneOf('edit', 'generate', 'variations'),
  prompt: text,
  count: whole(1, 10),
  size: text,
  model: nullable(text),
  quality: nullable(text),
});

const plan = fields({
  rect,
  sent: size,
  scale: finite,
  padded: fields({ right: whole(0, MAX_EDGE), bottom: whole(0, MAX_EDGE) }),
});

const storedGroup = fields({
  id: text,
  mode: oneOf('edit', 'generate', 'variations'),
  ask: storedAsk,
  createdAt: finite,
  snapshot: nullable(storedDocument),
  plan: nullable(plan),
  results: list(fields({ id: text, image, layer: nullable(layer), thumbnail: blob })),
  words: nullable(fields({ used: list(text), ignored: list(text) })),
});

const storedRecord = fields({
  version: whole(1, RECORD_VERSION),
  id: text,
  /** Unix time in ms. */
  savedAt: finite,
  /** null: results and a prompt with no picture open. */
  document: nullable(storedDocument),
  ask: storedAsk,
  groups: list(storedGroup),
});

const storedArrival = fields({ version: whole(1, RECORD_VERSION), documentId: text, group: storedGroup });

export type StoredDocument = Parsed<typeof storedDocument>;
export type StoredGroup = Parsed<typeof storedGroup>;
export type StoredRecord = Parsed<typeof storedRecord>;
/** A group that came after its document had been left. */
export type StoredArrival = Parsed<typeof storedArrival>;

function versioned<T>(parse: Parse<T>, path: string, value: unknown): T {
  const version = (value as { version?: unknown } | null | undefined)?.version;
  if (typeof version === 'number' && version > RECORD_VERSION) {
    throw new StoredDataError('newer', `${path}: version ${version}`);
  }
  return parse(value, path);
}

export const parseRecord = (value: unknown): StoredRecord => versioned(storedRecord, 'document', value);
export const parseArrival = (value: unknown): StoredArrival => versioned(storedArrival, 'arrival', value);

/** Gives every mask one name for good. */
export type NameMask = (mask: Mask) => string;

const storeLayer = (raster: RasterLayer, name: NameMask) => ({ ...raster, mask: name(raster.mask) });

export const storeDocument = (document: Document, name: NameMask): StoredDocument => ({
  id: document.id,
  name: document.name,
  frame: document.frame,
  picture: document.picture,
  layers: document.layers.map((raster) => storeLayer(raster, name)),
  mask: name(document.mask),
});

const storeResult = ({ id, image, layer, thumbnail }: Result, name: NameMask) => ({
  id,
  image,
  layer: layer && storeLayer(layer, name),
  thumbnail,
});

export const storeGroup = (group: ResultGroup, name: NameMask): StoredGroup => ({
  ...group,
  snapshot: group.snapshot && storeDocument(group.snapshot, name),
  results: group.results.map((result) => storeResult(result, name)),
});

/** What the names stand for. */
export type Masks = ReadonlyMap<string, Mask>;

type StoredLayer = StoredDocument['layers'][number];

function maskNamed(name: string, masks: Masks): Mask {
  const mask = masks.get(name);
  if (!mask) throw new StoredDataError('missing', `mask ${name}`);
  return mask;
}

const liveLayer = (stored: StoredLayer, masks: Masks): RasterLayer => ({
  ...stored,
  mask: maskNamed(stored.mask, masks),
});

/** `id`: the document's own, or that of a copy. Nothing is settled in it: only groups that wait are stored. */
export const liveDocument = (stored: StoredDocument, masks: Masks, id: string): Document => ({
  ...stored,
  id,
  layers: stored.layers.map((raster) => liveLayer(raster, masks)),
  mask: maskNamed(stored.mask, masks),
  settledGroups: new Set(),
});

export const liveGroup = (stored: StoredGroup, masks: Masks, documentId: string): ResultGroup => ({
  ...stored,
  snapshot: stored.snapshot && liveDocument(stored.snapshot, masks, documentId),
  results: stored.results.map((result) => ({
    ...result,
    layer: result.layer && liveLayer(result.layer, masks),
  })),
});

export interface References {
  readonly images: ReadonlySet<string>;
  readonly masks: ReadonlySet<string>;
}

/** Ids of everything that is drawn or counted with. */
export function referencesOf(
  documents: readonly StoredDocument[],
  groups: readonly StoredGroup[],
): References {
  const all = [...documents, ...groups.flatMap(({ snapshot }) => snapshot ?? [])];
  const results = groups.flatMap((group) => group.results);
  const layers = [
    ...all.flatMap((document) => document.layers),
    ...results.flatMap((result) => result.layer ?? []),
  ];
  return {
    images: new Set([
      ...all.map(({ picture }) => picture.id),
      ...[...layers, ...results].map((one) => one.image.id),
    ]),
    masks: new Set([...all, ...layers].map((one) => one.mask)),
  };
}

export const referencesOfRecord = ({ document, groups }: StoredRecord) =>
  referencesOf(document ? [document] : [], groups);
