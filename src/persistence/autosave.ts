import { createStore } from 'zustand/vanilla';
import { type Document, sameStack } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import { initialAsk, type Session } from '../editor/session.ts';
import type { ResultGroup } from '../jobs/job.ts';
import type { Pending } from '../jobs/pending.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { atOnce, slowly } from '../slowly.ts';
import { pendingKey } from './database.ts';
import type { Library } from './library.ts';
import { createRecorder, isBlank, type Moment, type Revived, sameMoment } from './moment.ts';
import { StoredDataError } from './parse.ts';
import type { Loaded } from './read.ts';
import { livePending, referencesOfRecord, type StoredArrival } from './record.ts';
import { StorageError } from './storageError.ts';
import { createTabDocument, type TabDocument } from './tabDocument.ts';
import type { Change } from './write.ts';

/** Where pixels live: the codec fits. */
export interface ImageStore {
  /** Registers a stored picture under its id. What else comes of it is for whoever hands this in. */
  open(signal: AbortSignal, blob: Blob, id: string): Promise<unknown>;
  /** Registers one that is not drawn now: a raw answer, or one that only the history names. */
  hold(id: string, blob: Blob): void;
  /** What to store for an image id. */
  blob(id: string): Promise<Blob>;
  thumbnail(signal: AbortSignal, stack: LayerStack, maxEdge: number): Promise<Blob>;
}

/** The results of the open document: jobs fit. */
export interface Tray {
  readonly store: { subscribe(listener: () => void): () => void };
  waiting(): readonly ResultGroup[];
  /** Accepted or discarded; undo may bring them back. */
  settled(): readonly ResultGroup[];
  restore(groups: readonly ResultGroup[]): void;
  /** Asks for the results of a request that ran when the page went. */
  resume(pending: Pending): void;
}

export interface AutosaveState {
  /** 'full', 'refused': what is open is not safe; every later change tries again. */
  readonly status: 'idle' | 'saving' | 'saved' | 'full' | 'refused';
  /** False while there is no room for the timeline: the document is safe, and a reload begins it anew. */
  readonly keepsHistory: boolean;
  readonly lastError: unknown;
}

export interface AutosaveOptions {
  readonly editor: Editor;
  readonly session: Session;
  readonly jobs: Tray;
  readonly codec: ImageStore;
  readonly library: Library;
  readonly tab?: TabDocument;
}

/** Changes within this time, in ms, are written together. */
const DELAY = 500;
/** Longest edge in device px. */
const THUMBNAIL_EDGE = 320;

const never = () => new AbortController().signal;

/** What a change names of pictures. */
const imagesOf = ({ records = [], histories }: Change): string[] => [
  ...records.flatMap((record) => [...referencesOfRecord(record).images]),
  ...[...(histories?.values() ?? [])].flatMap(({ history }) => history.images),
];

const isFull = (error: unknown) => error instanceof StorageError && error.code === 'storage_full';

/** Stores the open document, its prompt and its undecided results, and brings them back. */
export function createAutosave(options: AutosaveOptions) {
  const { editor, session, jobs, codec, library, tab = createTabDocument() } = options;
  const store = createStore<AutosaveState>(() => ({ status: 'idle', keepsHistory: true, lastError: null }));
  const recorder = createRecorder();
  /** What waits to be written, the newest moment of each document. */
  const queue = new Map<string, Moment>();
  /** Arrivals that the open document shows; they leave their store with its next record. */
  const taken = new Map<string, readonly StoredArrival[]>();
  /** Id of the record while nothing is open: a prompt, and pictures made from text. */
  const desk = crypto.randomUUID();
  /** Requests that run, and the record that shows their results. */
  const pendings = new Map<string, { readonly pending: Pending; readonly ownerId: string }>();
  const fetchImage = (id: string) => codec.blob(id);
  /** Ids of the pictures that the last record names, written or read. */
  let stored: ReadonlySet<string> = new Set();
  /** Serials of the steps that it has. */
  let storedSteps: ReadonlySet<number> = new Set();
  let restoring = false;
  let askedToPersist = false;
  let drawn: Document | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let saving: Promise<boolean> | null = null;

  function present(): Moment {
    const { document, history } = editor.store.getState();
    const { ask } = session.store.getState();
    const id = document?.id ?? desk;
    return { id, document, history, ask, groups: jobs.waiting(), settled: jobs.settled() };
  }

  let seen = present();

  function notice() {
    const moment = present();
    if (restoring || sameMoment(moment, seen)) return;
    const left = seen;
    seen = moment;
    queue.set(moment.id, moment);
    void tab.claim(moment.id);
    const pictures =
      moment.groups !== left.groups ||
      moment.document?.layers !== left.document?.layers ||
      moment.document?.reblended !== left.document?.reblended;
    if (moment.id === left.id && !(pictures && bringsPictures(moment))) {
      timer ??= setTimeout(flush, DELAY);
      return;
    }
    if (moment.id !== left.id && left.id === desk) {
      clearDesk();
      void handOn(moment.id);
    }
    void flush();
  }

  /** Pictures can't be written while the page goes: they may have been paid for, and are stored as they come. */
  const bringsPictures = (moment: Moment) =>
    !imagesOf({ records: [recorder.record(moment)] }).every((id) => stored.has(id));

  const blank: Moment = { id: desk, document: null, history: null, ask: initialAsk, groups: [], settled: [] };

  /** What lay there has moved into the document that was opened. */
  const clearDesk = () => queue.set(desk, blank);

  /** What was asked for with nothing open goes along with the document that is opened. */
  async function handOn(ownerId: string) {
    const mine = [...pendings.values()].filter((one) => one.ownerId === desk);
    for (const { pending } of mine) {
      pendings.set(pending.id, { pending, ownerId });
      const { pending: moved = [], masks = new Map() } = recorder.pending(pending, ownerId);
      await library.write({ pending: moved, masks }, fetchImage).catch(() => undefined);
    }
  }

  async function write(moment: Moment) {
    const { id } = moment;
    if (isBlank(moment)) return library.write({ removed: [id] }, fetchImage);
    const made = await slowly(recorder.changeSteps(moment));
    const change = { ...made, storedSteps, taken: taken.get(id) ?? [] };
    const written = await writeTight(id, change);
    taken.delete(id);
    stored = new Set(imagesOf(written));
    const serials = written.histories?.get(id)?.history.serials;
    storedSteps = new Set(serials);
    store.setState({ keepsHistory: serials !== undefined || !change.histories });
  }

  /** When storage is full, histories make room: those of other documents, then this one's. Gives what was written. */
  async function writeTight(id: string, change: Change): Promise<Change> {
    try {
      await library.write(change, fetchImage);
      return change;
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    await library.forgetHistories(id).catch(() => undefined);
    try {
      await library.write(change, fetchImage);
      return change;
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    const { histories: _, ...rest } = change;
    await library.write(rest, fetchImage);
    return rest;
  }

  /** Until nothing waits, or something fails. */
  async function drain(): Promise<boolean> {
    store.setState({ status: 'saving' });
    try {
      for (let [moment] = queue.values(); moment; [moment] = queue.values()) {
        await write(moment);
        if (queue.get(moment.id) === moment) queue.delete(moment.id);
        void drawThumbnail(moment.document);
      }
      store.setState({ status: 'saved', lastError: null });
      if (!askedToPersist) void navigator.storage?.persist?.();
      askedToPersist = true;
      return true;
    } catch (error) {
      store.setState({ status: isFull(error) ? 'full' : 'refused', lastError: error });
      return false;
    } finally {
      saving = null;
    }
  }

  async function drawThumbnail(document: Document | null) {
    if (!document || (drawn?.id === document.id && sameStack(drawn, document))) return;
    drawn = document;
    try {
      await library.writeThumbnail(document.id, await codec.thumbnail(never(), document, THUMBNAIL_EDGE));
    } catch {
      // Until the next one is drawn, the list shows the picture itself.
      drawn = null;
    }
  }

  /** Writes at once what waits. Resolves with false when that failed, as the store then says. */
  function flush(): Promise<boolean> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (queue.size > 0) saving ??= drain();
    return saving ?? Promise.resolve(true);
  }

  /** The page may end with this task; if it does not, the ordinary way follows. */
  function leave() {
    for (const moment of queue.values()) {
      const change = atOnce(recorder.changeSteps(moment));
      if (imagesOf(change).every((id) => stored.has(id))) {
        library.writeBlindly({ ...change, storedSteps });
      }
    }
    void flush();
  }

  function show({ document, history, ask, groups }: Revived) {
    restoring = true;
    try {
      if (history) editor.resume(history.steps, history.index, history.dropped);
      else if (document) editor.open(document);
      else editor.close();
      session.setAsk(ask);
      jobs.restore(groups);
    } finally {
      restoring = false;
    }
    seen = present();
  }

  /**
   * Opens a stored document, or a copy of it when another tab has it open; what arrived late stays with the
   * original then. Rejects with a `StoredDataError`, a `StorageError` or the codec's error, and changes nothing.
   */
  async function openStored(id: string): Promise<void> {
    if (seen.id === id) return;
    await flush();
    const loaded = await library.read(id);
    for (const [image, blob] of loaded.images) await codec.open(never(), blob, image);
    for (const [image, blob] of loaded.heldImages) codec.hold(image, blob);
    const mine = await tab.claim(id);
    const own = loaded.record.document === null ? desk : mine ? id : crypto.randomUUID();
    await tab.claim(own);
    const left = seen;
    show(recorder.revive(loaded, own));
    stored = new Set([...loaded.images.keys(), ...loaded.heldImages.keys()]);
    storedSteps = new Set(own === id ? loaded.history?.stored.serials : []);
    if (own === id) taken.set(id, loaded.arrivals);
    const more = loaded.arrivals.length > 0 || seen.groups.length > loaded.record.groups.length;
    if (own !== id || more) queue.set(own, seen);
    if (left.id === desk && own !== desk) {
      clearDesk();
      void handOn(own);
    }
    await flush();
    if (mine) await goOn(loaded, own);
    if (own === desk && mine && !queue.has(desk)) await library.write({ removed: [id] }, fetchImage);
  }

  /** Requests that ran when the page went belong to `own` now, which is the record's id, or that of a new desk. */
  async function goOn({ record, pending: stored, masks }: Loaded, own: string) {
    for (const one of stored) {
      const pending = livePending(one, masks);
      pendings.set(pending.id, { pending, ownerId: own });
      if (own !== record.id) await library.write(recorder.pending(pending, own), fetchImage);
      jobs.resume(pending);
    }
  }

  for (const watched of [editor.store, session.store, jobs.store]) watched.subscribe(notice);
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
  });

  return {
    store,
    flush,
    openStored,

    /** Whether leaving the page now would lose pictures that are still being written. */
    writing: () => [...queue.values()].some(bringsPictures),

    /** Brings back what this tab held before a reload; false when there was nothing. Rejects as `openStored` does. */
    async restoreTab(): Promise<boolean> {
      const id = tab.remembered();
      if (id === null) return false;
      try {
        await openStored(id);
        return true;
      } catch (error) {
        // A tab that was left with nothing open or typed has no record.
        if (error instanceof StoredDataError && error.code === 'absent') return false;
        if (error instanceof StorageError) store.setState({ status: 'refused', lastError: error });
        throw error;
      }
    },

    /** Requests that may run while the page does not; rejects with `StorageError`. */
    pending: {
      async put(pending: Pending): Promise<void> {
        const ownerId = pendings.get(pending.id)?.ownerId ?? pending.frozen.document?.id ?? present().id;
        pendings.set(pending.id, { pending, ownerId });
        await library.write(recorder.pending(pending, ownerId), fetchImage);
      },
      async remove({ id }: Pending): Promise<void> {
        const ownerId = pendings.get(id)?.ownerId;
        pendings.delete(id);
        if (ownerId !== undefined) await library.write({ ended: [pendingKey(ownerId, id)] }, fetchImage);
      },
    },

    /** Stores a group whose document is not open here any more. */
    async keepForLater(group: ResultGroup): Promise<void> {
      if (group.snapshot) await library.write(recorder.arrival(group, group.snapshot), fetchImage);
    },
  };
}

export type Autosave = ReturnType<typeof createAutosave>;
