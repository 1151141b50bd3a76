import type { ResultGroup, Selection } from '../../jobs/job.ts';
import { findSelected } from '../../jobs/staging.ts';
import type { App } from '../app.ts';
import { focusStage } from './focus.ts';

/** All results that wait, in the order of the tray. */
export const selectionsOf = (groups: readonly ResultGroup[]): Selection[] =>
  groups.flatMap(({ id, results }) => results.map((result) => ({ groupId: id, resultId: result.id })));

export const sameSelection = (a: Selection | null, b: Selection | null) =>
  a?.groupId === b?.groupId && a?.resultId === b?.resultId;

/** Place in the tray: −1 is the original, 0 … n − 1 are the results. */
function selectedIndex({ jobs }: App): number {
  const { selected } = jobs.store.getState();
  return selectionsOf(jobs.waiting()).findIndex((candidate) => sameSelection(candidate, selected));
}

/** To the neighbour in the tray; stays within it. */
export function stepResult(app: App, by: -1 | 1): number {
  const all = selectionsOf(app.jobs.waiting());
  const index = Math.min(all.length - 1, Math.max(-1, selectedIndex(app) + by));
  app.jobs.select(all[index] ?? null);
  return index;
}

export function accept({ blending, editor, jobs, ui }: App): void {
  const { selected, groups } = jobs.store.getState();
  if (!selected) return;
  // It takes the document's place, which no undo gives back.
  const replaces = editor.document() !== null && Boolean(findSelected(groups, selected)?.result.picture);
  if (ui.store.getState().panel?.kind === 'blend') ui.setPanel(null);
  if (replaces) ui.notify('accept.replaced');
  else ui.announce('accept.done');
  focusStage();
  void blending.settle().then(jobs.accept);
}

export function discard({ blending, jobs, session, ui }: App): void {
  if (jobs.waiting().length === 0) return;
  blending.drop();
  if (ui.store.getState().panel?.kind === 'blend') ui.setPanel(null);
  jobs.discard();
  session.setResultInView(false);
  ui.announce('discard.done');
  focusStage();
}
