import type { Mask } from '../raster/mask.ts';
import { arrivalsOf, type Database } from './database.ts';
import { StoredDataError } from './parse.ts';
import {
  parseArrival,
  parseRecord,
  referencesOf,
  referencesOfRecord,
  type StoredArrival,
  type StoredRecord,
} from './record.ts';
import { readMask } from './storedMask.ts';

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
  /** The document's own picture is the last one: it is the one to be shown first. */
  readonly images: ReadonlyMap<string, Blob>;
  readonly masks: ReadonlyMap<string, Mask>;
}

/** Throws a `StoredDataError` when the document is absent, or a part of it is missing or can't be read. */
export async function readDocument(database: Database, id: string): Promise<Loaded> {
  const tx = database.transaction(['documents', 'images', 'masks', 'arrivals']);
  const value = await tx.objectStore('documents').get(id);
  if (value === undefined) throw new StoredDataError('absent', `document ${id}`);
  const record = parseRecord(value);
  const arrivals = (await tx.objectStore('arrivals').getAll(arrivalsOf(id))).map(parseArrival);
  const own = referencesOfRecord(record);
  const late = referencesOf(
    [],
    arrivals.map(({ group }) => group),
  );
  const images = new Map<string, Blob>();
  const names = new Set([...own.images, ...late.images]);
  const picture = record.document?.picture.id;
  if (picture && names.delete(picture)) names.add(picture);
  for (const image of names) {
    const blob = await tx.objectStore('images').get(image);
    if (!blob) throw new StoredDataError('missing', `image ${image}`);
    images.set(image, blob);
  }
  const masks = new Map<string, Mask>();
  for (const name of new Set([...own.masks, ...late.masks])) {
    masks.set(name, readMask(await tx.objectStore('masks').get(name), name));
  }
  return { record, arrivals, images, masks };
}

/** Newest first. Records that can't be read, and prompts without a picture or a result, are left out. */
export async function readRecent(database: Database): Promise<RecentEntry[]> {
  const tx = database.transaction(['documents', 'thumbnails', 'images']);
  const entries: RecentEntry[] = [];
  for (const value of await tx.objectStore('documents').getAll()) {
    const record = readable(value);
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

function readable(value: unknown): StoredRecord | null {
  try {
    return parseRecord(value);
  } catch {
    return null;
  }
}
