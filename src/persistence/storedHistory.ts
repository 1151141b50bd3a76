import type { Document } from '../editor/document.ts';
import type { History, Step } from '../editor/history.ts';
import type { ResultGroup } from '../jobs/job.ts';
import { fields, finite, flag, list, type Parsed, StoredDataError, text, whole } from './parse.ts';
import {
  collecting,
  type Masks,
  type NameMask,
  type References,
  referencesOf,
  storedGroup,
  storeGroup,
} from './record.ts';
import { acrossStep, bytesOfStep, documentsOfStep, type StoredStep, storedStepSteps } from './storedStep.ts';

/**
 * The timeline of a stored document: which steps it has, and what they name beside the document's own record. The
 * document at `index` is that record's; the others are found from it, step by step.
 */
const HISTORY_VERSION = 1;

const storedHistory = fields({
  version: whole(1, HISTORY_VERSION),
  /** That of the record it belongs to; beside any other record it says nothing. */
  savedAt: finite,
  serials: list(whole(0, Number.MAX_SAFE_INTEGER)),
  index: whole(0, 100_000),
  dropped: flag,
  /** About what the steps take, in bytes. */
  bytes: finite,
  /** Of the document at `index`. */
  settled: list(text),
  /** Groups that are settled there and wait in other steps. */
  groups: list(storedGroup),
  /** What steps and groups name. */
  images: list(text),
  masks: list(text),
});

export type StoredHistory = Parsed<typeof storedHistory>;

export function parseHistory(value: unknown): StoredHistory {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > HISTORY_VERSION) {
    throw new StoredDataError('newer', `history: version ${version}`);
  }
  return storedHistory(value, 'history');
}

/** What a history names beside its document's record. */
export const referencesOfHistory = ({ images, masks }: StoredHistory): References => ({
  images: new Set(images),
  masks: new Set(masks),
});

/** Bytes of steps that are stored of one document; the oldest go first. */
const STORED_BUDGET = 256 * 1024 * 1024;

/** A step as it is stored, with what that names. */
interface Recorded {
  readonly step: StoredStep;
  readonly bytes: number;
  readonly references: References;
  readonly masks: Masks;
}

export interface RecordedHistory {
  readonly history: StoredHistory;
  readonly steps: readonly StoredStep[];
  readonly masks: Masks;
}

/** What could be read: the steps around the present one. */
export interface LoadedHistory {
  readonly stored: StoredHistory;
  readonly steps: readonly StoredStep[];
  /** Of `steps`. */
  readonly index: number;
}

export interface RevivedHistory {
  readonly steps: readonly Step[];
  readonly index: number;
  readonly dropped: boolean;
}

const recorded = (step: StoredStep, masks: Masks): Recorded => ({
  step,
  bytes: bytesOfStep(step),
  references: referencesOf(documentsOfStep(step), []),
  masks,
});

/** Makes each step's record once, whoever asks for it. */
export function createHistoryRecorder(name: NameMask) {
  const known = new WeakMap<Document, Recorded>();
  let lastSerial = 0;

  /** Unique within the document also after a reload, where what could not be read may still lie. */
  const newSerial = () => {
    lastSerial = Math.max(lastSerial + 1, Date.now());
    return lastSerial;
  };

  function* steps({ entries }: History): Generator<void, readonly Recorded[]> {
    const all: Recorded[] = [];
    for (const [k, entry] of entries.entries()) {
      let one = known.get(entry.document);
      if (!one) {
        const named = collecting(name);
        const before = entries[k - 1]?.document ?? null;
        one = recorded(yield* storedStepSteps(before, entry, newSerial(), named.name), named.masks);
        known.set(entry.document, one);
      }
      all.push(one);
    }
    return all;
  }

  return {
    steps,

    /** `settled`: groups that are settled in the present document. */
    record(
      timeline: History,
      all: readonly Recorded[],
      settled: readonly ResultGroup[],
      savedAt: number,
    ): RecordedHistory {
      let first = all.length - 1;
      let bytes = all[first]!.bytes;
      while (first > 0 && (first > timeline.index || bytes + all[first - 1]!.bytes <= STORED_BUDGET)) {
        bytes += all[--first]!.bytes;
      }
      const kept = all.slice(first);
      const entries = timeline.entries.slice(first);
      const groups = settled.filter(({ id }) =>
        entries.some(({ document }) => !document.settledGroups.has(id)),
      );
      const named = collecting(name);
      const stored = groups.map((group) => storeGroup(group, named.name));
      // What led to the first step is not asked for any more.
      const used = [...kept.slice(1).map(({ references }) => references), referencesOf([], stored)];
      const history: StoredHistory = {
        version: HISTORY_VERSION,
        savedAt,
        serials: kept.map(({ step }) => step.serial),
        index: timeline.index - first,
        dropped: timeline.dropped || first > 0,
        bytes,
        settled: [...timeline.entries[timeline.index]!.document.settledGroups],
        groups: stored,
        images: [...new Set(used.flatMap(({ images }) => [...images]))],
        masks: [...new Set(used.flatMap((one) => [...one.masks]))],
      };
      const masks = new Map([...kept.flatMap((one) => [...one.masks]), ...named.masks]);
      return { history, steps: kept.map(({ step }) => step), masks };
    },

    /** The documents around `present`, which is the one at the loaded index. */
    revive({ stored, steps: loaded, index }: LoadedHistory, present: Document, masks: Masks): RevivedHistory {
      const documents: Document[] = [{ ...present, settledGroups: new Set(stored.settled) }];
      for (let k = index; k > 0; k--)
        documents.unshift(acrossStep(documents[0]!, loaded[k]!, 'before', masks));
      for (let k = index + 1; k < loaded.length; k++) {
        documents.push(acrossStep(documents.at(-1)!, loaded[k]!, 'after', masks));
      }
      loaded.forEach((step, k) => {
        const { references } = recorded(step, masks);
        const own = new Map([...masks].filter(([id]) => references.masks.has(id)));
        known.set(documents[k]!, recorded(step, own));
        lastSerial = Math.max(lastSerial, step.serial);
      });
      return {
        steps: loaded.map(({ label, at }, k) => ({ label, at, document: documents[k]! })),
        index,
        dropped: stored.dropped || loaded[0]!.serial !== stored.serials[0],
      };
    },
  };
}
