import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** Values are `unknown` where they are parsed on reading; the others are plain blobs. */
export interface Schema extends DBSchema {
  /** By document id: `StoredRecord`. */
  documents: { key: string; value: unknown };
  /** By image id: the file as it was opened, or a result as lossless PNG. */
  images: { key: string; value: Blob };
  /** By name: `PackedMask`. */
  masks: { key: string; value: unknown };
  /** By document id. */
  thumbnails: { key: string; value: Blob };
  /** By `arrivalKey`: `StoredArrival`. */
  arrivals: { key: string; value: unknown };
  /** By `pendingKey`: `StoredPending`. */
  pending: { key: string; value: unknown };
  /** By document id: `StoredHistory`. */
  histories: { key: string; value: unknown };
  /** By document id and serial: `StoredStep`. */
  steps: { key: [string, number]; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

/** The stores that each version of the database added. */
const ADDED = [
  ['documents', 'images', 'masks', 'thumbnails', 'arrivals'],
  ['histories', 'steps'],
  ['pending'],
] as const;

export const STORES = ADDED.flat();

export const arrivalKey = (documentId: string, groupId: string) => `${documentId}/${groupId}`;
/** Arrivals, or requests that are pending, of a document. */
export const keysOf = (documentId: string) => IDBKeyRange.bound(`${documentId}/`, `${documentId}/\uffff`);
export const pendingKey = (ownerId: string, pendingId: string) => `${ownerId}/${pendingId}`;
export const stepsOf = (documentId: string) => IDBKeyRange.bound([documentId, 0], [documentId, Infinity]);

const NAME = 'lacuna';
/** Raised when a store is added or changed; records have a version of their own. */
const VERSION = ADDED.length;

/** Opens the database when it is first needed, and again after the browser or a newer tab had it closed. */
export function createDatabase() {
  let opening: Promise<Database> | null = null;
  let opened: Database | null = null;
  const forget = () => {
    opening = null;
    opened = null;
  };

  function open(): Promise<Database> {
    const attempt = openDB<Schema>(NAME, VERSION, {
      upgrade(database, oldVersion) {
        for (const store of ADDED.slice(oldVersion).flat()) database.createObjectStore(store);
      },
      // A newer version of the app waits in another tab: make room for it.
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
    attempt.then((database) => {
      opened = database;
    }, forget);
    return attempt;
  }

  return {
    /** Rejects with the browser's own error when storage is refused. */
    get(): Promise<Database> {
      opening ??= open();
      return opening;
    },
    /** Without waiting; null when it is not open. */
    opened: () => opened,
  };
}

export type DatabaseSource = ReturnType<typeof createDatabase>;
