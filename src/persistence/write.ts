import type { IDBPTransaction } from 'idb';
import type { Mask } from '../raster/mask.ts';
import { arrivalKey, arrivalsOf, type Database, type Schema, STORES } from './database.ts';
import {
  parseArrival,
  parseRecord,
  type References,
  referencesOf,
  referencesOfRecord,
  type StoredArrival,
  type StoredRecord,
} from './record.ts';
import { storeMask } from './storedMask.ts';

/** What a write changes, all of it or nothing. */
export interface Change {
  readonly records?: readonly StoredRecord[];
  /** Written unless a record of that id is there. */
  readonly recordsIfAbsent?: readonly StoredRecord[];
  readonly arrivals?: readonly StoredArrival[];
  /** Arrivals that became part of their document's record. */
  readonly taken?: readonly StoredArrival[];
  /** Ids of documents that go, with their arrivals. */
  readonly removed?: readonly string[];
  /** The masks that records and arrivals name. */
  readonly masks?: ReadonlyMap<string, Mask>;
}

/** Former documents that are kept: as many, and as many bytes of pictures. */
const MAX_DOCUMENTS = 20;
const MAX_BYTES = 1024 ** 3;

type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/**
 * Pictures are fetched only when they are not stored yet; a transaction would close meanwhile, so it is begun
 * anew with them. `protectedIds`: documents that are never removed to make room.
 */
export async function commit(
  database: Database,
  change: Change,
  protectedIds: ReadonlySet<string>,
  fetchImage: (id: string) => Promise<Blob>,
): Promise<void> {
  const fetched = new Map<string, Blob>();
  for (;;) {
    const tx = database.transaction(STORES, 'readwrite');
    // A failing request rejects this promise too; it is told below.
    tx.done.catch(() => undefined);
    const missing = await put(tx, change, fetched);
    if (missing.length === 0) {
      // Only new pictures make the library noticeably larger.
      if (fetched.size > 0) await prune(tx, protectedIds);
      await collectGarbage(tx);
      await tx.done;
      return;
    }
    tx.abort();
    for (const id of missing) fetched.set(id, await fetchImage(id));
  }
}

/**
 * For a page that is going away: everything is handed over in this very task, because no answer would be heard
 * any more. What the records name of pictures must be stored already.
 */
export function commitBlindly(database: Database, { records = [], masks = new Map() }: Change): void {
  const tx = database.transaction(['documents', 'masks'], 'readwrite');
  const puts = [
    ...records.map((record) => tx.objectStore('documents').put(record, record.id)),
    ...[...masks].map(([name, mask]) => tx.objectStore('masks').put(storeMask(mask), name)),
  ];
  tx.commit();
  Promise.all([...puts, tx.done]).catch(() => undefined);
}

/** Gives the ids of pictures that are neither stored nor fetched. */
async function put(tx: Writing, change: Change, fetched: ReadonlyMap<string, Blob>): Promise<string[]> {
  const { records = [], recordsIfAbsent = [], arrivals = [], taken = [], removed = [], masks } = change;
  const documents = tx.objectStore('documents');
  const written = [...records];
  for (const record of recordsIfAbsent) {
    if ((await documents.getKey(record.id)) === undefined) written.push(record);
  }
  for (const record of written) await documents.put(record, record.id);
  for (const arrival of arrivals) {
    await tx.objectStore('arrivals').put(arrival, arrivalKey(arrival.documentId, arrival.group.id));
  }
  for (const { documentId, group } of taken) {
    await tx.objectStore('arrivals').delete(arrivalKey(documentId, group.id));
  }
  for (const id of removed) await removeDocument(tx, id);

  const used = [
    ...written.map(referencesOfRecord),
    ...arrivals.map(({ group }) => referencesOf([], [group])),
  ];
  for (const name of new Set(used.flatMap((one) => [...one.masks]))) {
    const mask = masks?.get(name);
    if (mask && (await tx.objectStore('masks').getKey(name)) === undefined) {
      await tx.objectStore('masks').put(storeMask(mask), name);
    }
  }
  const missing: string[] = [];
  for (const id of new Set(used.flatMap((one) => [...one.images]))) {
    if ((await tx.objectStore('images').getKey(id)) !== undefined) continue;
    const image = fetched.get(id);
    if (image) await tx.objectStore('images').put(image, id);
    else missing.push(id);
  }
  return missing;
}

async function removeDocument(tx: Writing, id: string) {
  await tx.objectStore('documents').delete(id);
  await tx.objectStore('thumbnails').delete(id);
  await tx.objectStore('arrivals').delete(arrivalsOf(id));
}

/**
 * Removes the oldest documents beyond both limits. Never one that is open in a tab, or that has undecided results,
 * which were paid for.
 */
async function prune(tx: Writing, protectedIds: ReadonlySet<string>) {
  const records = (await readAll(tx)).records.toSorted((a, b) => b.savedAt - a.savedAt);
  const counted = new Set<string>();
  let bytes = 0;
  let documents = 0;
  for (const record of records) {
    documents++;
    for (const id of referencesOfRecord(record).images) {
      if (counted.has(id)) continue;
      counted.add(id);
      bytes += (await tx.objectStore('images').get(id))?.size ?? 0;
    }
    if (documents <= MAX_DOCUMENTS && bytes <= MAX_BYTES) continue;
    const late = await tx.objectStore('arrivals').count(arrivalsOf(record.id));
    if (!protectedIds.has(record.id) && record.groups.length === 0 && late === 0) {
      await removeDocument(tx, record.id);
    }
  }
}

/** Removes pictures, masks and thumbnails that nothing names. */
async function collectGarbage(tx: Writing) {
  const { records, arrivals, unreadable } = await readAll(tx);
  // Nobody knows what a record of a newer version names.
  if (unreadable) return;
  const used: References[] = [
    ...records.map(referencesOfRecord),
    referencesOf(
      [],
      arrivals.map(({ group }) => group),
    ),
  ];
  const named = {
    images: new Set(used.flatMap((one) => [...one.images])),
    masks: new Set(used.flatMap((one) => [...one.masks])),
    thumbnails: new Set(records.map(({ id }) => id)),
  };
  for (const store of ['images', 'masks', 'thumbnails'] as const) {
    for (const key of await tx.objectStore(store).getAllKeys()) {
      if (!named[store].has(key)) await tx.objectStore(store).delete(key);
    }
  }
}

async function readAll(tx: Writing) {
  let unreadable = false;
  const parsed = <T>(values: readonly unknown[], parse: (value: unknown) => T): T[] =>
    values.flatMap((value) => {
      try {
        return [parse(value)];
      } catch {
        unreadable = true;
        return [];
      }
    });
  const records = parsed(await tx.objectStore('documents').getAll(), parseRecord);
  const arrivals = parsed(await tx.objectStore('arrivals').getAll(), parseArrival);
  return { records, arrivals, unreadable };
}
