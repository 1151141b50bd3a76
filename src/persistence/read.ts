import type { IDBPTransaction } from 'idb';
import type { Mask } from '../raster/mask.ts';
import { type Database, keysOf, type Schema, stepsOf } from './database.ts';
import { StoredDataError } from './parse.ts';
import {
  drawnImages,
  parseArrival,
  parsePending,
  parseRecord,
  type References,
  referencesOf,
  referencesOfPending,
  referencesOfRecord,
  type StoredArrival,
  type StoredGroup,
  type StoredPending,
  type StoredRecord,
} from './record.ts';
import { type LoadedHistory, parseHistory } from './storedHistory.ts';
import { readMask } from './storedMask.ts';
import { documentsOfStep, parseStep, type StoredStep } from './storedStep.ts';

const READ = ['documents', 'images', 'masks', 'arrivals', 'pending', 'histories', 'steps'] as const;

type Reading = IDBPTransaction<Schema, typeof READ>;

/** A former document, as the list of them shows it. */
export interface RecentEntry {
  readonly id: string;
  /** The prompt, when results are all there is. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Unix time in ms. */
  readonly savedAt: number;
  readonly thumbnail: Blob;
}

/** A stored document with everything that it names. */
export interface Loaded {
  readonly record: StoredRecord;
  /** Groups that came after it had been left. */
  readonly arrivals: readonly StoredArrival[];
  /** Requests that ran when the page went. */
  readonly pending: readonly StoredPending[];
  /** What is drawn. The document's own picture is the last one: it is the one to be shown first. */
  readonly images: ReadonlyMap<string, Blob>;
  /** What is not: raw answers and what was sent, and what only the history names. */
  readonly heldImages: ReadonlyMap<string, Blob>;
  readonly masks: ReadonlyMap<string, Mask>;
  /** null: none is stored, or it can't be read; the document is whole without it. */
  readonly history: LoadedHistory | null;
}

/** Throws a `StoredDataError` when the document is absent, or a part of it is missing or can't be read. */
export async function readDocument(database: Database, id: string): Promise<Loaded> {
  const tx = database.transaction(READ);
  const value = await tx.objectStore('documents').get(id);
  if (value === undefined) throw new StoredDataError('absent', `document ${id}`);
  const record = parseRecord(value);
  const arrivals = (await tx.objectStore('arrivals').getAll(keysOf(id))).map(parseArrival);
  const own = referencesOfRecord(record);
  const late = referencesOf(
    [],
    arrivals.map(({ group }) => group),
  );
  const images = new Map<string, Blob>();
  const drawn = drawnImages(record.document, [...record.groups, ...arrivals.map(({ group }) => group)]);
  for (const image of new Set([...own.images, ...late.images])) {
    const blob = await tx.objectStore('images').get(image);
    if (!blob) throw new StoredDataError('missing', `image ${image}`);
    images.set(image, blob);
  }
  const masks = new Map<string, Mask>();
  for (const name of new Set([...own.masks, ...late.masks])) {
    masks.set(name, readMask(await tx.objectStore('masks').get(name), name));
  }
  const more = gatherer(tx, { images, masks });
  const pending: StoredPending[] = [];
  for (const value of await tx.objectStore('pending').getAll(keysOf(id))) {
    const one = readable(value, parsePending);
    if (one && (await more.take(referencesOfPending(one)))) pending.push(one);
  }
  const history = await readHistory(tx, record, more.take);
  return {
    record,
    arrivals,
    pending,
    images: new Map([...drawn].map((image) => [image, images.get(image)!])),
    heldImages: new Map([...images, ...more.images].filter(([image]) => !drawn.has(image))),
    masks: new Map([...masks, ...more.masks]),
    history,
  };
}

interface Parts {
  readonly images: Map<string, Blob>;
  readonly masks: Map<string, Mask>;
}

/** Takes in, beside what is known, all that something names; false when a part of that is gone or can't be read. */
function gatherer(tx: Reading, known: Parts) {
  const images = new Map<string, Blob>();
  const masks = new Map<string, Mask>();
  return {
    images,
    masks,
    async take(of: References): Promise<boolean> {
      for (const name of of.images) {
        if (known.images.has(name) || images.has(name)) continue;
        const blob = await tx.objectStore('images').get(name);
        if (!blob) return false;
        images.set(name, blob);
      }
      for (const name of of.masks) {
        if (known.masks.has(name) || masks.has(name)) continue;
        const mask = readable(await tx.objectStore('masks').get(name), (value) => readMask(value, name));
        if (!mask) return false;
        masks.set(name, mask);
      }
      return true;
    },
  };
}

/** The steps around the present one that are whole, with what `take` gathers of them. Never throws. */
async function readHistory(
  tx: Reading,
  { id, savedAt }: StoredRecord,
  take: (of: References) => Promise<boolean>,
): Promise<LoadedHistory | null> {
  const stored = readable(await tx.objectStore('histories').get(id), parseHistory);
  if (!stored || stored.savedAt !== savedAt) return null;
  const steps = new Map<number, StoredStep>();
  for (const value of await tx.objectStore('steps').getAll(stepsOf(id))) {
    const step = readable(value, parseStep);
    if (step) steps.set(step.serial, step);
  }
  const groups: StoredGroup[] = [];
  for (const group of stored.groups) if (await take(referencesOf([], [group]))) groups.push(group);
  const around: StoredStep[] = [];
  for (const [k, serial] of stored.serials.entries()) {
    const step = steps.get(serial);
    const whole = step && around.length > 0 && (await take(referencesOf(documentsOfStep(step), [])));
    if (whole) around.push(step);
    else if (k > stored.index) break;
    // What led to the first step is not asked for.
    else around.splice(0, Infinity, ...(step ? [step] : []));
  }
  const index = around.findIndex(({ serial }) => serial === stored.serials[stored.index]);
  if (index < 0) return null;
  return { stored: { ...stored, groups }, steps: around, index };
}

/** Newest first. Records that can't be read, and prompts without a picture or a result, are left out. */
export async function readRecent(database: Database): Promise<RecentEntry[]> {
  const tx = database.transaction(['documents', 'thumbnails', 'images']);
  const entries: RecentEntry[] = [];
  for (const value of await tx.objectStore('documents').getAll()) {
    const record = readable(value, parseRecord);
    const shown = record && (record.document?.picture ?? record.groups[0]?.results[0]?.picture?.image);
    if (!shown) continue;
    const { id, savedAt, document, ask, groups } = record;
    const thumbnail = document
      ? ((await tx.objectStore('thumbnails').get(id)) ?? (await tx.objectStore('images').get(shown.id)))
      : groups[0]?.results[0]?.thumbnail;
    const { width, height } = document?.frame ?? shown;
    if (thumbnail)
      entries.push({ id, name: document?.name ?? ask.prompt, width, height, savedAt, thumbnail });
  }
  return entries.toSorted((a, b) => b.savedAt - a.savedAt);
}

function readable<T>(value: unknown, parse: (value: unknown) => T): T | null {
  try {
    return parse(value);
  } catch {
    return null;
  }
}
