import type { Document } from '../editor/document.ts';
import type { History } from '../editor/history.ts';
import type { Ask } from '../editor/session.ts';
import type { ResultGroup } from '../jobs/job.ts';
import type { Pending } from '../jobs/pending.ts';
import type { Mask } from '../raster/mask.ts';
import type { Loaded } from './read.ts';
import {
  collecting,
  liveDocument,
  liveGroup,
  type NameMask,
  NO_MASK,
  RECORD_VERSION,
  type StoredRecord,
  storeDocument,
  storeGroup,
  storePending,
} from './record.ts';
import { createHistoryRecorder, type RevivedHistory } from './storedHistory.ts';
import { storeTile } from './storedMask.ts';
import type { Change } from './write.ts';

/** What is to be stored, as it was at one time; all of it values, so nothing changes before it is written. */
export interface Moment {
  readonly id: string;
  /** null: no picture is open. */
  readonly document: Document | null;
  /** The timeline that the document is the present entry of. */
  readonly history: History | null;
  readonly ask: Ask;
  /** Groups that wait. */
  readonly groups: readonly ResultGroup[];
  /** Groups that undo may bring back. */
  readonly settled: readonly ResultGroup[];
}

const sameList = <T>(a: readonly T[], b: readonly T[]) =>
  a.length === b.length && a.every((one, k) => one === b[k]);

/** Entries are only added and dropped at the ends. */
const sameTimeline = (a: History | null, b: History | null) =>
  a?.index === b?.index &&
  a?.entries.length === b?.entries.length &&
  a?.entries[0]?.document === b?.entries[0]?.document &&
  a?.entries.at(-1)?.document === b?.entries.at(-1)?.document;

export const sameMoment = (a: Moment, b: Moment) =>
  a.id === b.id &&
  a.document === b.document &&
  sameTimeline(a.history, b.history) &&
  a.ask === b.ask &&
  sameList(a.groups, b.groups) &&
  sameList(a.settled, b.settled);

/** Holds nothing that anybody would miss. */
export const isBlank = ({ document, ask, groups }: Moment) => !document && !ask.prompt && groups.length === 0;

/** A stored moment as it lives on. */
export interface Revived {
  readonly document: Document | null;
  /** null: none was stored, or it can't be read. */
  readonly history: RevivedHistory | null;
  readonly ask: Ask;
  /** Groups that wait, and those that undo may bring back. */
  readonly groups: readonly ResultGroup[];
}

/** Turns moments into records and back. Gives each mask one name, under which it is stored once. */
export function createRecorder() {
  const names = new WeakMap<Mask, string>();
  const name: NameMask = (mask) => {
    if (mask.tiles.size === 0) return NO_MASK;
    const known = names.get(mask) ?? crypto.randomUUID();
    names.set(mask, known);
    return known;
  };
  const histories = createHistoryRecorder(name);

  const recordOf = (
    { id, document, ask, groups }: Pick<Moment, 'id' | 'document' | 'ask' | 'groups'>,
    named: NameMask = name,
  ): StoredRecord => ({
    version: RECORD_VERSION,
    id,
    savedAt: Date.now(),
    document: document && storeDocument(document, named),
    ask,
    groups: groups.map((group) => storeGroup(group, named)),
  });

  /** Packs what is to be stored, so it may be spread over time; what was packed before costs nothing. */
  function* changeSteps(moment: Moment): Generator<void, Change> {
    const { id, document, history } = moment;
    for (const tile of document?.mask.tiles.values() ?? []) yield void storeTile(tile);
    const steps = history && (yield* histories.steps(history));
    const { masks, name: named } = collecting(name);
    const record = recordOf(moment, named);
    if (!history || !steps) return { records: [record], masks };
    const own = histories.record(history, steps, moment.settled, record.savedAt);
    return {
      records: [record],
      histories: new Map([[id, own]]),
      masks: new Map([...masks, ...own.masks]),
    };
  }

  return {
    record: recordOf,
    changeSteps,

    /** Leaves the group with `snapshot`, its document, which is stored too when it is not there any more. */
    arrival(group: ResultGroup, snapshot: Document): Change {
      const { masks, name: named } = collecting(name);
      const { id } = snapshot;
      const basis = recordOf({ id, document: snapshot, ask: group.ask, groups: [] }, named);
      const arrival = { version: RECORD_VERSION, documentId: id, group: storeGroup(group, named) };
      return { recordsIfAbsent: [basis], arrivals: [arrival], masks };
    },

    /** `ownerId`: of the record that shows its results; it is stored too when it is not there. */
    pending(pending: Pending, ownerId: string): Change {
      const { masks, name: named } = collecting(name);
      const { document, ask } = pending.frozen;
      const basis = recordOf({ id: ownerId, document, ask, groups: [] }, named);
      return { recordsIfAbsent: [basis], pending: [storePending(pending, ownerId, named)], masks };
    },

    /** `id`: the record's own, or that of a copy. Arrivals replace what the record has of the same group. */
    revive({ record, arrivals, masks, history }: Loaded, id: string): Revived {
      for (const [known, mask] of masks) names.set(mask, known);
      const late = new Map(arrivals.map(({ group }) => [group.id, group]));
      const groups = [...record.groups.filter((group) => !late.has(group.id)), ...late.values()];
      const live = (list: typeof groups) => list.map((group) => liveGroup(group, masks, id));
      const document = record.document && liveDocument(record.document, masks, id);
      const own = { document, ask: record.ask, groups: live(groups) };
      if (!document || !history) return { ...own, history: null };
      try {
        const timeline = histories.revive(history, document, masks);
        const settled = history.stored.groups.filter((group) => !groups.some((one) => one.id === group.id));
        return { ...own, history: timeline, groups: [...live(settled), ...own.groups] };
      } catch {
        // What it was is lost; the document is not.
        return { ...own, history: null };
      }
    },
  };
}
