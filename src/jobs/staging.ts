import type { Document } from '../editor/document.ts';
import type { Layer } from '../editor/layer.ts';
import type { JobsState, Result, ResultGroup, Selection } from './job.ts';

/** Groups that lie in the tray: neither accepted nor discarded in the document as it is now. */
export function waitingGroups(groups: readonly ResultGroup[], document: Document | null): ResultGroup[] {
  return groups.filter((group) => !document?.settledGroups.has(group.id));
}

export function settledGroups(groups: readonly ResultGroup[], document: Document | null): ResultGroup[] {
  return groups.filter((group) => document?.settledGroups.has(group.id));
}

export interface Selected {
  readonly group: ResultGroup;
  readonly result: Result;
}

/** The selected result; null when there is none or when its group is gone. */
export function findSelected(groups: readonly ResultGroup[], selection: Selection | null): Selected | null {
  const group = groups.find((candidate) => candidate.id === selection?.groupId);
  const result = group?.results.find((candidate) => candidate.id === selection?.resultId);
  return group && result ? { group, result } : null;
}

/** The layers of a result that waits, as they are blended now. */
export const layersOf = (result: Result, document: Document | null): readonly Layer[] =>
  document?.reblended.get(result.id) ?? result.layers;

/** The newest state of a group takes its place; a new one comes last. */
export function withGroup(groups: readonly ResultGroup[], group: ResultGroup): readonly ResultGroup[] {
  return groups.some(({ id }) => id === group.id)
    ? groups.map((other) => (other.id === group.id ? group : other))
    : [...groups, group];
}

/**
 * The groups with the selected result in a group of its own, so that it can be settled, and brought back, without its
 * siblings. `id` is the new group's; a result without siblings keeps its group.
 */
export function withApart(groups: readonly ResultGroup[], { group, result }: Selected, id: string) {
  const siblings = group.results.filter((other) => other !== result);
  if (siblings.length === 0) return { groups, apart: group };
  const apart: ResultGroup = { ...group, id, results: [result] };
  return { groups: [...withGroup(groups, { ...group, results: siblings }), apart], apart };
}

/** Whether a group belongs in front of this document; one that was started with none open fits any. */
export const belongsTo = (group: ResultGroup, document: Document | null) =>
  group.snapshot === null || group.snapshot.id === document?.id;

/** Keeps the user's selection while it waits; otherwise the first result of `group` is shown. */
export function selectionAfter(
  state: JobsState,
  group: ResultGroup,
  document: Document | null,
): Selection | null {
  const waiting = waitingGroups(state.groups, document);
  if (findSelected(waiting, state.selected)) return state.selected;
  const first = group.results[0];
  return first && waiting.some(({ id }) => id === group.id)
    ? { groupId: group.id, resultId: first.id }
    : null;
}
