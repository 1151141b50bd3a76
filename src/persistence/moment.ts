import type { Document } from '../editor/document.ts';
import type { Ask } from '../editor/session.ts';
import type { ResultGroup } from '../jobs/job.ts';
import type { Mask } from '../raster/mask.ts';
import type { Loaded } from './read.ts';
import { liveDocument, liveGroup, NO_MASK, RECORD_VERSION, storeDocument, storeGroup } from './record.ts';
import type { Change } from './write.ts';

/** What is to be stored, as it was at one time; all of it values, so nothing changes before it is written. */
export interface Moment {
  readonly id: string;
  /** null: no picture is open. */
  readonly document: Document | null;
  readonly ask: Ask;
  /** Only groups that wait: what is settled does not outlive the history. */
  readonly groups: readonly ResultGroup[];
}

export const sameMoment = (a: Moment, b: Moment) =>
  a.id === b.id &&
  a.document === b.document &&
  a.ask === b.ask &&
  a.groups.length === b.groups.length &&
  a.groups.every((group, k) => group === b.groups[k]);

/** Holds nothing that anybody would miss. */
export const isBlank = ({ document, ask, groups }: Moment) => !document && !ask.prompt && groups.length === 0;

/** Turns moments into records and back. Gives each mask one name, under which it is stored once. */
export function createRecorder() {
  const names = new WeakMap<Mask, string>();

  function naming() {
    const masks = new Map<string, Mask>();
    const name = (mask: Mask) => {
      if (mask.tiles.size === 0) return NO_MASK;
      const known = names.get(mask) ?? crypto.randomUUID();
      names.set(mask, known);
      masks.set(known, mask);
      return known;
    };
    return { masks, name };
  }

  function recordOf({ id, document, ask, groups }: Moment, name: (mask: Mask) => string) {
    return {
      version: RECORD_VERSION,
      id,
      savedAt: Date.now(),
      document: document && storeDocument(document, name),
      ask,
      groups: groups.map((group) => storeGroup(group, name)),
    };
  }

  return {
    record(moment: Moment): Change {
      const { masks, name } = naming();
      return { records: [recordOf(moment, name)], masks };
    },

    /** Leaves the group with `snapshot`, its document, which is stored too when it is not there any more. */
    arrival(group: ResultGroup, snapshot: Document): Change {
      const { masks, name } = naming();
      const { id } = snapshot;
      const basis = recordOf({ id, document: snapshot, ask: group.ask, groups: [] }, name);
      const arrival = { version: RECORD_VERSION, documentId: id, group: storeGroup(group, name) };
      return { recordsIfAbsent: [basis], arrivals: [arrival], masks };
    },

    /** `id`: the record's own, or that of a copy. Arrivals replace what the record has of the same group. */
    revive({ record, arrivals, masks }: Loaded, id: string): Moment {
      for (const [name, mask] of masks) names.set(mask, name);
      const late = new Map(arrivals.map(({ group }) => [group.id, group]));
      const groups = [...record.groups.filter((group) => !late.has(group.id)), ...late.values()];
      return {
        id,
        document: record.document && liveDocument(record.document, masks, id),
        ask: record.ask,
        groups: groups.map((group) => liveGroup(group, masks, id)),
      };
    },
  };
}
