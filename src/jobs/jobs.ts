import { createStore } from 'zustand/vanilla';
import type { Document } from '../editor/document.ts';
import { addLayers, chain, sameStack, settleGroups } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import type { History } from '../editor/history.ts';
import type { Ask, Session } from '../editor/session.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import type { Wishes } from './editPlan.ts';
import { RefusedAsk, toJobError } from './errors.ts';
import { extend, isEmptier, isStepwise } from './extension.ts';
import { imagesOf } from './imagesInUse.ts';
import type { Job, JobsState, ResultGroup, Selection } from './job.ts';
import type { Pending, PendingStore } from './pending.ts';
import { createPixelCount } from './pixelCount.ts';
import type { ImageCodec, ImageService, ServiceTraits } from './ports.ts';
import { type Frozen, type Request, requestFor } from './request.ts';
import type { Spending } from './spending.ts';
import {
  belongsTo,
  findSelected,
  layersOf,
  selectionAfter,
  settledGroups,
  waitingGroups,
  withApart,
  withGroup,
} from './staging.ts';
import { isFree, traitsFor } from './traits.ts';

export interface JobsOptions {
  readonly editor: Editor;
  readonly session: Session;
  readonly codec: ImageCodec;
  readonly client: ImageService;
  /** The embedded engine in this browser. Rejects when it can't be fetched. */
  readonly embedded: () => Promise<ImageService>;
  readonly capabilities: (signal: AbortSignal) => Promise<ServiceTraits>;
  /** Opens an accepted picture as a document of its own. */
  readonly openPicture: (picture: ImageRef, group: ResultGroup) => void | Promise<void>;
  /** Stores a group whose document is not open any more: it was paid for, and waits there for its document. */
  readonly keepForLater: (group: ResultGroup) => Promise<void>;
  /** Resolves with true when all that was open is stored: then pictures that nobody shows may be forgotten. */
  readonly stored: () => Promise<boolean>;
  readonly pending: PendingStore;
  /** Whether unfinished pictures are wanted also where they are billed. */
  readonly unfinished: () => boolean;
  readonly spending: Spending;
  /** Unix time in ms. */
  readonly now?: () => number;
}

interface Live {
  readonly job: Job;
  readonly frozen: Frozen;
  readonly controller: AbortController;
  done: Promise<void>;
  /** What it has brought so far. */
  group: ResultGroup | null;
  /** The run that is under way: of an extension, its present step. */
  pending: Pending | null;
}

/** Two equal asks within this time, in ms, are one click (or one that bounced): nobody pays twice for it. */
const DOUBLE_CLICK = 600;

const sameAsk = (a: Ask, b: Ask) => (Object.keys(a) as (keyof Ask)[]).every((key) => a[key] === b[key]);

const newPending = (frozen: Frozen, traits: ServiceTraits, startedAt: number): Pending => ({
  id: crypto.randomUUID(),
  groupId: crypto.randomUUID(),
  startedAt,
  keys: [],
  frozen,
  traits,
});

const documentsOf = (history: History | null) => history?.entries.map(({ document }) => document) ?? [];

/** The oldest steps, or those that could have been redone, are gone. */
const hasLost = (now: History | null, before: History | null) =>
  now?.entries[0]?.document !== before?.entries[0]?.document ||
  !now?.entries.some(({ document }) => document === before?.entries.at(-1)?.document);

const initial: JobsState = {
  running: [],
  groups: [],
  putAway: [],
  selected: null,
  error: null,
  pixelLock: null,
};

/** Requests, their results, and the decision about them. */
export function createJobs(options: JobsOptions) {
  const { editor, session, codec, now = Date.now } = options;
  const store = createStore<JobsState>(() => initial);
  const live = new Map<string, Live>();
  /** Groups that could not be stored for their document, in the hope that it is opened again before the end. */
  let held: readonly ResultGroup[] = [];
  /** What `retry` sends again: asked for by the error that is shown. */
  let failed: Frozen | null = null;
  /** Pictures that the codec holds because of documents and results. */
  const known = new Set<string>();

  const get = store.getState;
  const waiting = () => waitingGroups(get().groups, editor.document());
  /** What is previewed when undo brings a tray back: its newest group's first result. */
  function firstWaiting(): Selection | null {
    const group = waiting().at(-1);
    const result = group?.results[0];
    return group && result ? { groupId: group.id, resultId: result.id } : null;
  }

  const report = (error: unknown) => store.setState({ error: toJobError(error, now()) });

  const pixelCount = createPixelCount(codec, (pixelLock) => store.setState({ pixelLock }));
  /** Of what was done last. */
  let counted: Promise<void> = Promise.resolve();
  const follow = (before: Document, after: Document) => {
    counted = pixelCount.follow(before, after).catch(report);
  };

  function dropPreview() {
    pixelCount.stop();
    store.setState({ selected: null });
  }

  function select(selected: Selection | null) {
    pixelCount.stop();
    store.setState({ selected });
    const document = editor.document();
    const found = findSelected(waiting(), selected);
    if (found && document) {
      pixelCount.start(found.group, layersOf(found.result, document), document).catch(report);
    }
  }

  function deliver(group: ResultGroup) {
    const document = editor.document();
    if (!belongsTo(group, document) || get().groups.includes(group)) return;
    store.setState({ groups: withGroup(get().groups, group) });
    const selected = selectionAfter(get(), group, document);
    if (selected !== get().selected) select(selected);
  }

  /** Pictures that neither the timeline, nor what waits in any step of it, nor a job needs. */
  function unused(): string[] {
    const documents = documentsOf(editor.store.getState().history);
    const wanted = get().groups.filter(
      ({ id }) => documents.length === 0 || documents.some(({ settledGroups }) => !settledGroups.has(id)),
    );
    const runs = [...live.values()];
    const frozen = [...runs.map((run) => run.frozen), ...(failed ? [failed] : [])].flatMap(
      (one) => one.document ?? [],
    );
    const used = new Set(
      imagesOf([...documents, ...frozen], [...wanted, ...held, ...runs.flatMap(({ group }) => group ?? [])]),
    );
    return [...known].filter((id) => !used.has(id));
  }

  /** When another document was opened, or steps went: the pixels of a large picture take hundreds of megabytes. */
  async function forgetUnused() {
    if (unused().length === 0 || !(await options.stored())) return;
    for (const id of unused()) {
      known.delete(id);
      codec.forget(id);
    }
  }

  const learn = (documents: readonly Document[], groups: readonly ResultGroup[]) => {
    for (const id of imagesOf(documents, groups)) known.add(id);
  };

  /** For a group whose document is not open at the end of its job. */
  async function keep(group: ResultGroup): Promise<boolean> {
    try {
      await options.keepForLater(group);
      deliver(group);
      return true;
    } catch (error) {
      held = withGroup(held, group);
      report(error);
      return false;
    }
  }

  const change = (id: string, part: Partial<Job>) =>
    store.setState({
      running: get().running.map((other) => (other.id === id ? { ...other, ...part } : other)),
    });

  /** The run's answers are in the document, or nothing of it will come any more. */
  const settled = (pending: Pending | null) => {
    if (pending) void options.pending.remove(pending).catch(() => undefined);
  };

  /** Once its results are stored nothing has to be asked for again. */
  async function settledOnceStored(pending: Pending | null) {
    if (pending && (await options.stored())) settled(pending);
  }

  async function perform(entry: Live, resumed: Pending | null) {
    const { job, frozen, controller } = entry;
    const { signal } = controller;
    const hold = (group: ResultGroup) => {
      entry.group = group;
      learn([], [group]);
    };
    let paid = false;
    // A request may run on the server that nobody has heard of since.
    let unheard = resumed !== null;
    let locked = false;
    try {
      // Fetched with the first request, before anything is sent.
      const { runJob } = await import('./runJob.ts').catch(() => {
        throw new RefusedAsk('server_unreachable', '');
      });
      const traits = resumed?.traits ?? traitsFor(frozen.ask, await options.capabilities(signal));
      paid = !isFree(traits, frozen.ask);
      const runOnce = (step: Frozen, request: Request, onResults: (group: ResultGroup) => void) => {
        const pending = resumed ?? newPending(step, traits, now());
        entry.pending = pending;
        return runJob(signal, {
          codec,
          client: options.client,
          embedded: options.embedded,
          pending,
          store: options.pending,
          spending: options.spending,
          onStored: (stored) => change(job.id, { stored }),
          onLost: (lost) => {
            unheard ||= lost;
            change(job.id, { lost });
          },
          request,
          onProgress: (progress) => change(job.id, { progress }),
          onPhase: (phase) => change(job.id, { phase, progress: null }),
          onGlimpse: (glimpse) => change(job.id, { glimpse }),
          onResults,
          now,
        });
      };
      const request = requestFor(frozen, traits);
      if (isStepwise(request) && !resumed) {
        await extend(signal, {
          frozen,
          document: editor.document,
          plan: (step) => requestFor(step, traits),
          run: (step, next) => runOnce(step, next, hold),
          onStep: (step) => change(job.id, { step, stored: false }),
          accept: (before) => {
            const accepted = entry.group && acceptStep(entry.group, before);
            if (!accepted) return false;
            void settledOnceStored(entry.pending);
            entry.group = null;
            entry.pending = null;
            return true;
          },
        });
      } else {
        await runOnce(frozen, request, (group) => {
          hold(group);
          deliver(group);
        });
      }
    } catch (error) {
      const told = toJobError(error, now());
      locked = told.code === 'access_required';
      if (locked && !unheard && entry.pending) {
        // The page is left for the passcode once this is told: it must not be asked for afterwards.
        await options.pending.remove(entry.pending).catch(() => undefined);
        entry.pending = null;
      }
      if (!signal.aborted) {
        failed = told.repeatable ? frozen : null;
        store.setState({ error: { ...told, maybeBilled: paid && told.maybeBilled } });
      }
    }
    store.setState({ running: get().running.filter(({ id }) => id !== job.id) });
    const { group, pending } = entry;
    // Behind a passcode the result still waits.
    if (!group) settled(locked && unheard ? null : pending);
    else if (belongsTo(group, editor.document())) {
      // Its document may have been opened again after the last result came.
      deliver(group);
      void settledOnceStored(pending);
    } else if (await keep(group)) settled(pending);
    live.delete(job.id);
  }

  /** False when the document was left meanwhile, or when what the step goes on from is gone, as by undo. */
  function acceptStep(group: ResultGroup, before: Document): boolean {
    const layers = group.results[0]?.layers ?? [];
    const document = editor.document();
    if (document?.id !== before.id || isEmptier(document, before)) return false;
    editor.run('extend', addLayers(layers));
    return true;
  }

  function run(): Promise<void> {
    const { ask, wish, planRect, split } = session.store.getState();
    const wishes: Wishes = { wish, rect: planRect, split };
    const document = editor.document();
    for (const { job, frozen, controller, done } of live.values()) {
      if (controller.signal.aborted) continue;
      const { phase = null } = get().running.find(({ id }) => id === job.id) ?? {};
      const fresh = phase === 'preparing' || now() - job.startedAt < DOUBLE_CLICK;
      if (fresh && frozen.document === document && sameAsk(frozen.ask, ask)) return done;
    }
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
    return start({ ask, document, wishes, seed, unfinished: options.unfinished() }).done;
  }

  function start(frozen: Frozen, resumed: Pending | null = null): Live {
    const job: Job = {
      id: crypto.randomUUID(),
      ask: frozen.ask,
      phase: resumed ? 'waiting' : 'preparing',
      startedAt: resumed?.startedAt ?? now(),
      seed: frozen.seed,
      step: null,
      glimpse: null,
      progress: null,
      lost: false,
      stored: resumed !== null,
    };
    const controller = new AbortController();
    failed = null;
    store.setState({ running: [...get().running, job], error: null });
    const entry: Live = { job, frozen, controller, done: Promise.resolve(), group: null, pending: resumed };
    live.set(job.id, entry);
    entry.done = perform(entry, resumed);
    return entry;
  }

  /** Sends again what failed, as it was frozen then; under a new key, so it may cost again. */
  function retry(): void {
    if (failed) start(failed);
  }

  /** Goes on with a run that a reload of the page cut short: asks for what was sent, and sends the rest. */
  function resume(pending: Pending): void {
    const known = [...live.values()].some((entry) => entry.pending?.id === pending.id);
    if (!known) start(pending.frozen, pending);
  }

  function cancel(jobId: string) {
    live.get(jobId)?.controller.abort();
    store.setState({ running: get().running.filter(({ id }) => id !== jobId) });
  }

  /** Takes groups out of the tray: undoably in a document, for good without one. */
  function settle(label: 'accept' | 'discard', groups: readonly ResultGroup[]) {
    const ids = groups.map(({ id }) => id);
    if (editor.document()) editor.run(label, settleGroups(ids));
    else store.setState({ groups: get().groups.filter(({ id }) => !ids.includes(id)) });
  }

  async function accept(): Promise<void> {
    const found = findSelected(waiting(), get().selected);
    if (!found) return;
    const { group, result } = found;
    const before = editor.document();
    dropPreview();
    if (!result.picture && before) {
      editor.run('accept', chain(addLayers(layersOf(result, before)), settleGroups([group.id])));
      await counted;
      return;
    }
    // Its siblings stay in the tray: they were paid for, too.
    const results = group.results.filter(({ id }) => id !== result.id);
    if (results.length > 0) store.setState({ groups: withGroup(get().groups, { ...group, results }) });
    else settle('accept', [group]);
    try {
      if (result.picture) await options.openPicture(result.picture.image, group);
    } catch (error) {
      store.setState({ groups: withGroup(get().groups, group) });
      report(error);
    }
  }

  /** Puts the selected result into a group of its own, so that it can be settled without its siblings. */
  function setApart(): ResultGroup | null {
    const found = findSelected(waiting(), get().selected);
    if (!found) return null;
    const { groups, apart } = withApart(get().groups, found, crypto.randomUUID());
    store.setState({ groups, selected: { groupId: apart.id, resultId: found.result.id } });
    return apart;
  }

  function discard() {
    const groups = waiting();
    dropPreview();
    settle('discard', groups);
    if (!editor.document()) store.setState({ putAway: groups });
  }

  /** Undoes a discard that no history knows, because nothing was open. False when there was none. */
  function takeBack(): boolean {
    const { putAway } = get();
    if (putAway.length === 0) return false;
    store.setState({ groups: putAway.reduce(withGroup, get().groups), putAway: [] });
    select(firstWaiting());
    return true;
  }

  function restore(groups: readonly ResultGroup[]) {
    learn([], groups);
    store.setState({ groups: groups.reduce(withGroup, get().groups) });
    if (!get().selected) select(firstWaiting());
  }

  editor.store.subscribe(({ document, history }, { document: former, history: before }) => {
    learn(document?.id === former?.id && document ? [document] : documentsOf(history), []);
    if (document?.id !== former?.id) {
      dropPreview();
      // What came while nothing was open goes along with the document that is opened now.
      const mine = held.filter((group) => belongsTo(group, document));
      held = held.filter((group) => !mine.includes(group));
      store.setState({ groups: mine.reduce(withGroup, former ? [] : get().groups), putAway: [] });
      void forgetUnused();
      return;
    }
    if (hasLost(history, before)) void forgetUnused();
    if (!document || !former || document === former) return;
    const { selected } = get();
    if (selected && !findSelected(waiting(), selected)) {
      dropPreview();
      follow(former, document);
    } else if (!selected && former.settledGroups.size > document.settledGroups.size) select(firstWaiting());
    else if (!sameStack(document, former) || document.reblended !== former.reblended) {
      if (selected) select(selected);
      else follow(former, document);
    }
  });

  return {
    store,
    run,
    cancel,
    waiting: (): readonly ResultGroup[] => waiting(),
    /** Accepted or discarded in the present document: undo may bring them back. */
    settled: (): readonly ResultGroup[] => settledGroups(get().groups, editor.document()),
    select,
    accept,
    setApart,
    discard,
    takeBack,
    retry,
    resume,
    dismissError: () => {
      failed = null;
      store.setState({ error: null });
    },
    restore,
  };
}

export type Jobs = ReturnType<typeof createJobs>;
