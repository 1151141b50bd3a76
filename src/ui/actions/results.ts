import type { ResultGroup, Selection } from '../../jobs/job.ts';
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

export function accept({ blending, jobs, ui }: App): void {
  if (!jobs.store.getState().selected) return;
  if (ui.store.getState().panel?.kind === 'blend') ui.setPanel(null);
  ui.announce('accept.done');
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
