import type { Document } from '../editor/document.ts';
import type { Layer, LayerOrigin } from '../editor/layer.ts';
import type { Ask } from '../editor/session.ts';
import type { ResultGroup } from '../jobs/job.ts';
import type { Pending } from '../jobs/pending.ts';
import { eraseFrom } from '../raster/combine.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import {
  blob,
  byKind,
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
  three,
  whole,
} from './parse.ts';
import { fromVersion1 } from './version1.ts';

/**
 * What is stored of a document. Pictures and masks are values that never change: they lie in stores of their own,
 * once each, and are named here by their ids.
 */
export const RECORD_VERSION = 2;

const MAX_EDGE = 32_768;
const length = whole(1, MAX_EDGE);
/** Wherever tiles reach: a layer may have been moved far, and what can't be read again is lost. */
const MAX_PLACE = 8_388_352;
const place = whole(-MAX_PLACE, MAX_PLACE);
const size = fields({ width: length, height: length });
const rect = fields({ x: place, y: place, width: length, height: length });
const image = fields({ id: text, width: length, height: length });
const plan = fields({
  rect,
  sent: size,
  scale: finite,
  padded: fields({ right: whole(0, MAX_EDGE), bottom: whole(0, MAX_EDGE) }),
});
const mode = oneOf('edit', 'generate', 'variations');
const made = fields({ mode, prompt: text, model: text, quality: nullable(text), at: finite });

const fit = byKind({
  same: fields({ kind: oneOf('same') }),
  unclear: fields({ kind: oneOf('unclear') }),
  reframed: fields({ kind: oneOf('reframed') }),
  moved: fields({
    kind: oneOf('moved'),
    registration: fields({ scaleX: finite, scaleY: finite, shiftX: finite, shiftY: finite }),
  }),
});

const origin = byKind({
  result: fields({
    kind: oneOf('result'),
    raw: image,
    sent: image,
    plan,
    asked: text,
    comparison: fields({
      fit,
      colour: nullable(fields({ gain: three(finite), gamma: three(finite) })),
      spill: nullable(text),
    }),
    settings: fields({
      grow: finite,
      feather: finite,
      align: flag,
      colour: finite,
      seam: oneOf('feather', 'gradient'),
      include: flag,
    }),
    made,
  }),
  placed: fields({ kind: oneOf('placed'), raw: image, made }),
  merged: fields({ kind: oneOf('merged') }),
});

const layer = fields({
  id: text,
  image,
  rect,
  weights: text,
  erased: text,
  visible: flag,
  origin,
});

export const storedDocument = fields({
  id: text,
  name: text,
  frame: rect,
  picture: image,
  layers: list(layer),
  mask: text,
  reblended: list(fields({ resultId: text, layers: list(layer) })),
});

const storedAsk: Parse<Ask> = fields({
  mode,
  prompt: text,
  count: whole(1, 10),
  size: text,
  model: nullable(text),
  quality: nullable(text),
});

export const storedGroup = fields({
  id: text,
  mode,
  ask: storedAsk,
  createdAt: finite,
  snapshot: nullable(storedDocument),
  asked: nullable(text),
  results: list(
    fields({
      id: text,
      layers: list(layer),
      picture: nullable(fields({ image, made })),
      thumbnail: blob,
    }),
  ),
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

const PENDING_VERSION = 1;

const storedPending = fields({
  version: whole(1, PENDING_VERSION),
  /** Id of the record that shows its results. */
  ownerId: text,
  id: text,
  groupId: text,
  startedAt: finite,
  keys: list(text),
  ask: storedAsk,
  document: nullable(storedDocument),
  wishes: fields({
    wish: oneOf('automatic', 'whole', 'close-up'),
    rect: nullable(rect),
    split: flag,
  }),
  seed: finite,
  unfinished: flag,
  /** JSON: read by the version of the app that wrote it, within the hour. */
  traits: text,
});

type StoredLayer = Parsed<typeof layer>;
export type StoredDocument = Parsed<typeof storedDocument>;
export type StoredGroup = Parsed<typeof storedGroup>;
export type StoredRecord = Parsed<typeof storedRecord>;
/** A group that came after its document had been left. */
export type StoredArrival = Parsed<typeof storedArrival>;

export type StoredPending = Parsed<typeof storedPending>;

export function parsePending(value: unknown): StoredPending {
  const version = (value as { version?: unknown } | null | undefined)?.version;
  if (typeof version === 'number' && version > PENDING_VERSION) {
    throw new StoredDataError('newer', `pending: version ${version}`);
  }
  return storedPending(value, 'pending');
}

function versioned<T>(parse: Parse<T>, path: string, value: unknown): T {
  const version = (value as { version?: unknown } | null | undefined)?.version;
  if (typeof version === 'number' && version > RECORD_VERSION) {
    throw new StoredDataError('newer', `${path}: version ${version}`);
  }
  return parse(version === 1 ? fromVersion1(value) : value, path);
}

export const parseRecord = (value: unknown): StoredRecord => versioned(storedRecord, 'document', value);
export const parseArrival = (value: unknown): StoredArrival => versioned(storedArrival, 'arrival', value);

/** The name of a mask that covers nothing: it is not stored. */
export const NO_MASK = '';

/** Gives every mask one name for good. */
export type NameMask = (mask: Mask) => string;

/** The same names, and in `masks` what they were asked for. */
export function collecting(name: NameMask): { readonly masks: Map<string, Mask>; readonly name: NameMask } {
  const masks = new Map<string, Mask>();
  return {
    masks,
    name(mask) {
      const id = name(mask);
      if (id !== NO_MASK) masks.set(id, mask);
      return id;
    },
  };
}

const storeOrigin = (of: LayerOrigin, name: NameMask): StoredLayer['origin'] => {
  if (of.kind !== 'result') return of;
  const { comparison } = of;
  const spill = comparison.spill && name(comparison.spill);
  return { ...of, asked: name(of.asked), comparison: { ...comparison, spill } };
};

const storeLayer = ({ mask: _, ...one }: Layer, name: NameMask): StoredLayer => ({
  ...one,
  weights: name(one.weights),
  erased: name(one.erased),
  origin: storeOrigin(one.origin, name),
});

export const storeDocument = (document: Document, name: NameMask): StoredDocument => ({
  id: document.id,
  name: document.name,
  frame: document.frame,
  picture: document.picture,
  layers: document.layers.map((one) => storeLayer(one, name)),
  mask: name(document.mask),
  reblended: [...document.reblended].map(([resultId, layers]) => ({
    resultId,
    layers: layers.map((one) => storeLayer(one, name)),
  })),
});

export const storeGroup = (group: ResultGroup, name: NameMask): StoredGroup => ({
  ...group,
  snapshot: group.snapshot && storeDocument(group.snapshot, name),
  asked: group.asked && name(group.asked),
  results: group.results.map((result) => ({
    ...result,
    layers: result.layers.map((one) => storeLayer(one, name)),
  })),
});

export function storePending(pending: Pending, ownerId: string, name: NameMask): StoredPending {
  const { frozen, traits, ...rest } = pending;
  const document = frozen.document && storeDocument(frozen.document, name);
  return { version: PENDING_VERSION, ownerId, ...rest, ...frozen, document, traits: JSON.stringify(traits) };
}

/** What the names stand for. */
export type Masks = ReadonlyMap<string, Mask>;

function maskNamed(name: string, masks: Masks): Mask {
  if (name === NO_MASK) return emptyMask;
  const mask = masks.get(name);
  if (!mask) throw new StoredDataError('missing', `mask ${name}`);
  return mask;
}

function liveLayer(stored: StoredLayer, masks: Masks): Layer {
  const weights = maskNamed(stored.weights, masks);
  const erased = maskNamed(stored.erased, masks);
  return {
    ...stored,
    weights,
    erased,
    mask: eraseFrom(weights, erased),
    origin: liveOrigin(stored.origin, masks),
  };
}

function liveOrigin(stored: StoredLayer['origin'], masks: Masks): LayerOrigin {
  if (stored.kind !== 'result') return stored;
  const { comparison } = stored;
  const spill = comparison.spill === null ? null : maskNamed(comparison.spill, masks);
  return { ...stored, asked: maskNamed(stored.asked, masks), comparison: { ...comparison, spill } };
}

/** `id`: the document's own, or that of a copy. Nothing is settled in it: only groups that wait are stored. */
export const liveDocument = (stored: StoredDocument, masks: Masks, id: string): Document => ({
  ...stored,
  id,
  layers: stored.layers.map((one) => liveLayer(one, masks)),
  mask: maskNamed(stored.mask, masks),
  settledGroups: new Set(),
  reblended: new Map(
    stored.reblended.map(({ resultId, layers }) => [resultId, layers.map((one) => liveLayer(one, masks))]),
  ),
});

export const liveGroup = (stored: StoredGroup, masks: Masks, documentId: string): ResultGroup => ({
  ...stored,
  snapshot: stored.snapshot && liveDocument(stored.snapshot, masks, documentId),
  asked: stored.asked === null ? null : maskNamed(stored.asked, masks),
  results: stored.results.map((result) => ({
    ...result,
    layers: result.layers.map((one) => liveLayer(one, masks)),
    // What padding was cut off is not stored: the picture as it is stands for the answer.
    picture: result.picture && { ...result.picture, raw: result.picture.image },
  })),
});

/** Throws what is wrong with its JSON. */
export const livePending = (stored: StoredPending, masks: Masks): Pending => ({
  id: stored.id,
  groupId: stored.groupId,
  startedAt: stored.startedAt,
  keys: stored.keys,
  frozen: {
    ask: stored.ask,
    document: stored.document && liveDocument(stored.document, masks, stored.document.id),
    wishes: stored.wishes,
    seed: stored.seed,
    unfinished: stored.unfinished,
  },
  traits: JSON.parse(stored.traits) as Pending['traits'],
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
    ...all.flatMap((document) => [...document.layers, ...document.reblended.flatMap((one) => one.layers)]),
    ...results.flatMap((result) => result.layers),
  ];
  const images = [
    ...all.map(({ picture }) => picture.id),
    ...layers.flatMap(({ image, origin: of }) => [
      image.id,
      ...(of.kind === 'merged' ? [] : [of.raw.id]),
      ...(of.kind === 'result' ? [of.sent.id] : []),
    ]),
    ...results.flatMap(({ picture }) => picture?.image.id ?? []),
  ];
  const masks = [
    ...all.map(({ mask }) => mask),
    ...layers.flatMap(({ weights, erased, origin: of }) => [
      weights,
      erased,
      ...(of.kind === 'result' ? [of.asked, of.comparison.spill ?? NO_MASK] : []),
    ]),
    ...groups.flatMap(({ asked }) => asked ?? []),
  ];
  return { images: new Set(images), masks: new Set(masks.filter((name) => name !== NO_MASK)) };
}

/** Pictures that are drawn; others are only there to be blended again, or to go back to. */
export function drawnImages(document: StoredDocument | null, groups: readonly StoredGroup[]): Set<string> {
  const results = groups.flatMap((group) => group.results);
  const layers = [
    ...(document ? [...document.layers, ...document.reblended.flatMap((one) => one.layers)] : []),
    ...results.flatMap((result) => result.layers),
  ];
  return new Set([
    ...layers.map(({ image }) => image.id),
    ...results.flatMap(({ picture }) => picture?.image.id ?? []),
    ...(document ? [document.picture.id] : []),
  ]);
}

export const referencesOfPending = ({ document }: StoredPending) =>
  referencesOf(document ? [document] : [], []);

export const referencesOfRecord = ({ document, groups }: StoredRecord) =>
  referencesOf(document ? [document] : [], groups);
