import { createStore } from 'zustand/vanilla';
import type { Document } from '../editor/document.ts';
import { addLayers, chain, sameStack, settleGroups } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import type { History } from '../editor/history.ts';
import type { Ask, Session } from '../editor/session.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import { createBilling, isFree } from './billing.ts';
import type { Wishes } from './editPlan.ts';
import { toJobError } from './errors.ts';
import { extend, isEmptier, isStepwise } from './extension.ts';
import { imagesOf } from './imagesInUse.ts';
import type { Job, JobPhase, JobsState, ResultGroup, Selection } from './job.ts';
import { createPixelCount } from './pixelCount.ts';
import type { ImageCodec, ImageService, ServiceTraits } from './ports.ts';
import { type Frozen, requestFor } from './request.ts';
import { runJob } from './runJob.ts';
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

export interface JobsOptions {
  readonly editor: Editor;
  readonly session: Session;
  readonly codec: ImageCodec;
  readonly client: ImageService;
  readonly capabilities: (signal: AbortSignal) => Promise<ServiceTraits>;
  /** Opens an accepted picture as a document of its own. */
  readonly openPicture: (picture: ImageRef, group: ResultGroup) => void | Promise<void>;
  /** Stores a group whose document is not open any more: it was paid for, and waits there for its document. */
  readonly keepForLater: (group: ResultGroup) => Promise<void>;
  /** Resolves with true when all that was open is stored: then pictures that nobody shows may be forgotten. */
  readonly stored: () => Promise<boolean>;
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
}

/** Two equal asks within this time, in ms, are one click (or one that bounced): nobody pays twice for it. */
const DOUBLE_CLICK = 600;

const sameAsk = (a: Ask, b: Ask) => (Object.keys(a) as (keyof Ask)[]).every((key) => a[key] === b[key]);

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
    const frozen = runs.flatMap((run) => run.frozen.document ?? []);
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
  async function keep(group: ResultGroup) {
    try {
      await options.keepForLater(group);
      deliver(group);
    } catch (error) {
      held = withGroup(held, group);
      report(error);
    }
  }

  const change = (id: string, part: Partial<Job>) =>
    store.setState({
      running: get().running.map((other) => (other.id === id ? { ...other, ...part } : other)),
    });

  async function perform(job: Job, frozen: Frozen, controller: AbortController) {
    const { signal } = controller;
    const entry = live.get(job.id);
    const hold = (group: ResultGroup) => {
      if (entry) entry.group = group;
      learn([], [group]);
    };
    let paid = false;
    try {
      const capabilities = await options.capabilities(signal);
      paid = !isFree(capabilities, frozen.ask);
      const billed = createBilling(options.spending, capabilities, frozen.ask, now);
      const onPhase = (phase: JobPhase) => change(job.id, { phase });
      const common = { codec, client: options.client, billed, onPhase, now };
      const request = requestFor(frozen, capabilities);
      if (isStepwise(request)) {
        await extend(signal, {
          frozen,
          document: editor.document,
          plan: (step) => requestFor(step, capabilities),
          run: (step, next) => runJob(signal, { ...common, frozen: step, request: next, onResults: hold }),
          onStep: (step) => change(job.id, { step }),
          accept: (before) => {
            const accepted = entry?.group && acceptStep(entry.group, before);
            if (entry && accepted) entry.group = null;
            return accepted === true;
          },
        });
      } else {
        const onResults = (group: ResultGroup) => {
          hold(group);
          deliver(group);
        };
        await runJob(signal, { ...common, frozen, request, onResults });
      }
    } catch (error) {
      const told = toJobError(error, now());
      if (!signal.aborted) store.setState({ error: { ...told, maybeBilled: paid && told.maybeBilled } });
    }
    store.setState({ running: get().running.filter(({ id }) => id !== job.id) });
    const group = entry?.group;
    if (group && !belongsTo(group, editor.document())) await keep(group);
    // Its document may have been opened again after the last result came.
    else if (group) deliver(group);
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
    const job: Job = { id: crypto.randomUUID(), ask, phase: 'preparing', startedAt: now(), seed, step: null };
    const frozen: Frozen = { ask, document, wishes, seed };
    const controller = new AbortController();
    store.setState({ running: [...get().running, job], error: null });
    const entry: Live = { job, frozen, controller, done: Promise.resolve(), group: null };
    live.set(job.id, entry);
    entry.done = perform(job, frozen, controller);
    return entry.done;
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
    dismissError: () => store.setState({ error: null }),
    restore,
  };
}

export type Jobs = ReturnType<typeof createJobs>;
