import type { IDBPTransaction } from 'idb';
import type { Mask } from '../raster/mask.ts';
import { arrivalKey, type Database, keysOf, pendingKey, type Schema, STORES, stepsOf } from './database.ts';
import { StoredDataError } from './parse.ts';
import {
  parseArrival,
  parsePending,
  parseRecord,
  type References,
  referencesOf,
  referencesOfPending,
  referencesOfRecord,
  type StoredArrival,
  type StoredPending,
  type StoredRecord,
} from './record.ts';
import {
  parseHistory,
  type RecordedHistory,
  referencesOfHistory,
  type StoredHistory,
} from './storedHistory.ts';
import { storeMask } from './storedMask.ts';

/** What a write changes, all of it or nothing. */
export interface Change {
  readonly records?: readonly StoredRecord[];
  /** Written unless a record of that id is there. */
  readonly recordsIfAbsent?: readonly StoredRecord[];
  readonly arrivals?: readonly StoredArrival[];
  /** Arrivals that became part of their document's record. */
  readonly taken?: readonly StoredArrival[];
  /** Requests that may run while the page does not. */
  readonly pending?: readonly StoredPending[];
  /** Keys of those whose results are stored, or will not come. */
  readonly ended?: readonly string[];
  /** Ids of documents that go, with their arrivals. */
  readonly removed?: readonly string[];
  /** By document id; a record without one loses the one that it had. */
  readonly histories?: ReadonlyMap<string, RecordedHistory>;
  /** Serials of steps that are known to be stored: they are neither looked for nor written again. */
  readonly storedSteps?: ReadonlySet<number>;
  /** The masks that records, arrivals and histories name. */
  readonly masks?: ReadonlyMap<string, Mask>;
}

/** Former documents that are kept: as many, and as many bytes of pictures and of their histories. */
const MAX_DOCUMENTS = 20;
const MAX_BYTES = 1024 ** 3;

type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/** Removes the histories of all documents but these: when storage is full they go before anything else. */
export async function forgetHistories(database: Database, protectedIds: ReadonlySet<string>): Promise<void> {
  const tx = database.transaction(STORES, 'readwrite');
  for (const id of await tx.objectStore('histories').getAllKeys()) {
    if (!protectedIds.has(id)) await removeHistory(tx, id);
  }
  await collectGarbage(tx);
  await tx.done;
}

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
 * any more. What the records name of pictures must be stored already; steps of a history that are, are not written
 * again.
 */
export function commitBlindly(
  database: Database,
  { records = [], histories = new Map(), storedSteps = new Set(), masks = new Map() }: Change,
): void {
  const tx = database.transaction(['documents', 'masks', 'histories', 'steps'], 'readwrite');
  const puts: Promise<unknown>[] = [
    ...records.map((record) => tx.objectStore('documents').put(record, record.id)),
    ...[...masks].map(([name, mask]) => tx.objectStore('masks').put(storeMask(mask), name)),
  ];
  for (const [id, { history, steps }] of histories) {
    puts.push(tx.objectStore('histories').put(history, id));
    for (const step of steps) {
      if (!storedSteps.has(step.serial)) puts.push(tx.objectStore('steps').put(step, [id, step.serial]));
    }
  }
  tx.commit();
  Promise.all([...puts, tx.done]).catch(() => undefined);
}

/** Gives the ids of pictures that are neither stored nor fetched. */
async function put(tx: Writing, change: Change, fetched: ReadonlyMap<string, Blob>): Promise<string[]> {
  const { records = [], recordsIfAbsent = [], arrivals = [], taken = [], removed = [], masks } = change;
  const { pending = [], ended = [] } = change;
  const histories = change.histories ?? new Map<string, RecordedHistory>();
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
  for (const one of pending) await tx.objectStore('pending').put(one, pendingKey(one.ownerId, one.id));
  for (const key of ended) await tx.objectStore('pending').delete(key);
  for (const id of removed) await removeDocument(tx, id);
  for (const { id } of written) await putHistory(tx, id, histories.get(id) ?? null, change.storedSteps);

  const used = [
    ...written.map(referencesOfRecord),
    ...arrivals.map(({ group }) => referencesOf([], [group])),
    ...pending.map(referencesOfPending),
    ...[...histories.values()].map(({ history }) => referencesOfHistory(history)),
  ];
  const storedMasks = new Set(await tx.objectStore('masks').getAllKeys());
  for (const name of new Set(used.flatMap((one) => [...one.masks]))) {
    const mask = masks?.get(name);
    if (mask && !storedMasks.has(name)) await tx.objectStore('masks').put(storeMask(mask), name);
  }
  const missing: string[] = [];
  const storedImages = new Set(await tx.objectStore('images').getAllKeys());
  for (const id of new Set(used.flatMap((one) => [...one.images]))) {
    if (storedImages.has(id)) continue;
    const image = fetched.get(id);
    if (image) await tx.objectStore('images').put(image, id);
    else missing.push(id);
  }
  return missing;
}

/** Only steps that are not stored yet are written, and those go that the history no longer has. */
async function putHistory(
  tx: Writing,
  id: string,
  recorded: RecordedHistory | null,
  known: ReadonlySet<number> = new Set(),
) {
  if (!recorded) return removeHistory(tx, id);
  const { history, steps } = recorded;
  await tx.objectStore('histories').put(history, id);
  const kept = new Set(history.serials);
  // Their keys are many: a stroke must not cost more for those before it.
  const sure = known.size === (await tx.objectStore('steps').count(stepsOf(id)));
  const stored = sure
    ? known
    : new Set((await tx.objectStore('steps').getAllKeys(stepsOf(id))).map(([, serial]) => serial));
  for (const serial of stored) if (!kept.has(serial)) await tx.objectStore('steps').delete([id, serial]);
  for (const step of steps) {
    if (!stored.has(step.serial)) await tx.objectStore('steps').put(step, [id, step.serial]);
  }
}

async function removeHistory(tx: Writing, id: string) {
  await tx.objectStore('histories').delete(id);
  await tx.objectStore('steps').delete(stepsOf(id));
}

async function removeDocument(tx: Writing, id: string) {
  await removeHistory(tx, id);
  await tx.objectStore('documents').delete(id);
  await tx.objectStore('thumbnails').delete(id);
  await tx.objectStore('arrivals').delete(keysOf(id));
  await tx.objectStore('pending').delete(keysOf(id));
}

/**
 * Removes what is the oldest beyond both limits: histories first, then documents. Never of a document that is open in a
 * tab, nor one that has undecided results, which were paid for.
 */
async function prune(tx: Writing, protectedIds: ReadonlySet<string>) {
  const { records, histories } = await readAll(tx);
  const newest = records.toSorted((a, b) => b.savedAt - a.savedAt);
  const sizes = new Map<string, number>();
  const sizeOf = async (id: string) => {
    const size = sizes.get(id) ?? (await tx.objectStore('images').get(id))?.size ?? 0;
    sizes.set(id, size);
    return size;
  };
  const counter = () => {
    const counted = new Set<string>();
    let bytes = 0;
    return async (images: Iterable<string>, more = 0) => {
      bytes += more;
      for (const id of images) {
        if (!counted.has(id)) bytes += await sizeOf(id);
        counted.add(id);
      }
      return bytes;
    };
  };
  const withHistories = counter();
  for (const record of newest) await withHistories(referencesOfRecord(record).images);
  for (const { id } of newest) {
    const history = histories.get(id);
    if (!history || (await withHistories(history.images, history.bytes)) <= MAX_BYTES) continue;
    if (protectedIds.has(id)) continue;
    histories.delete(id);
    await removeHistory(tx, id);
  }
  const all = counter();
  for (const [k, record] of newest.entries()) {
    const history = histories.get(record.id);
    const own = [...referencesOfRecord(record).images, ...(history?.images ?? [])];
    const bytes = await all(own, history?.bytes);
    if (k < MAX_DOCUMENTS && bytes <= MAX_BYTES) continue;
    const late = await tx.objectStore('arrivals').count(keysOf(record.id));
    if (!protectedIds.has(record.id) && record.groups.length === 0 && late === 0) {
      await removeDocument(tx, record.id);
    }
  }
}

/** Removes pictures, masks and thumbnails that nothing names. */
async function collectGarbage(tx: Writing) {
  const { records, arrivals, pending, histories, unreadable } = await readAll(tx);
  // Nobody knows what a record of a newer version names.
  if (unreadable) return;
  const used: References[] = [
    ...records.map(referencesOfRecord),
    referencesOf(
      [],
      arrivals.map(({ group }) => group),
    ),
    ...pending.map(referencesOfPending),
    ...[...histories.values()].map(referencesOfHistory),
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
  const pending = parsed(await tx.objectStore('pending').getAll(), parsePending);
  const histories = new Map<string, StoredHistory>();
  for (const id of await tx.objectStore('histories').getAllKeys()) {
    try {
      histories.set(id, parseHistory(await tx.objectStore('histories').get(id)));
    } catch (error) {
      // One that is broken is of no use any more, nor is what it named.
      if (error instanceof StoredDataError && error.code === 'newer') unreadable = true;
    }
  }
  return { records, arrivals, pending, histories, unreadable };
}
