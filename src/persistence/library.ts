import { createDatabase, type DatabaseSource } from './database.ts';
import { readDocument, readRecent } from './read.ts';
import { guarded } from './storageError.ts';
import { openDocuments } from './tabDocument.ts';
import { type Change, commit, commitBlindly, forgetHistories } from './write.ts';

const CHANNEL = 'lacuna.library';

/** The documents of this browser. Rejects with `StorageError` (the browser) or `StoredDataError` (what it kept). */
export function createLibrary(database: DatabaseSource = createDatabase()) {
  const listeners = new Set<() => void>();
  const channel = new BroadcastChannel(CHANNEL);
  const tell = () => {
    for (const listener of listeners) listener();
  };
  channel.onmessage = tell;

  function changed() {
    tell();
    channel.postMessage(null);
  }

  async function write(change: Change, fetchImage: (id: string) => Promise<Blob>): Promise<void> {
    await guarded(async () => {
      const open = await openDocuments();
      const writing = (change.records ?? []).map(({ id }) => id);
      await commit(await database.get(), change, new Set([...open, ...writing]), fetchImage);
    });
    changed();
  }

  return {
    recent: () => guarded(async () => readRecent(await database.get())),

    /** Removes a document, its undecided results, and the pictures that no other one uses. */
    remove: (id: string) =>
      write({ removed: [id] }, (image) => Promise.reject(new Error(`Removing does not need image ${image}`))),

    /** Calls back after every change, also one that another tab made. Returns the way to stop. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    read: (id: string) => guarded(async () => readDocument(await database.get(), id)),

    write,

    /** For a page that is going away; see `commitBlindly`. */
    writeBlindly(change: Change): void {
      const opened = database.opened();
      if (opened) commitBlindly(opened, change);
    },

    /** Makes room: documents that no tab has open, nor `id`, lose their histories. */
    forgetHistories: (id: string) =>
      guarded(async () => forgetHistories(await database.get(), new Set([...(await openDocuments()), id]))),

    /** Does nothing for a document that is not stored. */
    async writeThumbnail(id: string, thumbnail: Blob): Promise<void> {
      await guarded(async () => {
        const tx = (await database.get()).transaction(['documents', 'thumbnails'], 'readwrite');
        const stored = await tx.objectStore('documents').getKey(id);
        if (stored !== undefined) await tx.objectStore('thumbnails').put(thumbnail, id);
        await tx.done;
      });
      changed();
    },
  };
}

export type Library = ReturnType<typeof createLibrary>;
