import { useEffect } from 'react';
import { whereabouts } from '../raster/whereabouts.ts';
import type { App } from './app.ts';
import { resolveLanguage } from './messages/language.ts';

/** After a stroke: long enough that a row of strokes is summed up once. Milliseconds. */
const REST = 1200;
/** After a selection was made, ms. */
const SOON = 300;

export function coverageText(share: number, language: string): string {
  // A thin stroke on a large picture is not "0 %", and a small change not "10 % → 10 %".
  const digits = share > 0 && share < 0.01 ? 2 : share < 0.1 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(share * 100);
  return `${number} %`;
}

/** Says what happens by itself: results that arrive, and how much is erased after painting. */
export function useAnnouncements({ editor, jobs, preferences, ui }: App): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function sayCoverage(key: 'mask.coverage' | 'select.done' = 'mask.coverage') {
      const document = editor.document();
      if (!document) return;
      if (document.mask.tiles.size === 0) return ui.announce('mask.empty');
      const language = resolveLanguage(preferences.store.getState().language, navigator.languages);
      const { share, region } = whereabouts(document.mask, document.frame);
      ui.announce(key, { percent: coverageText(share, language), where: { key: `where.${region}` } });
    }
    const endEditor = editor.store.subscribe(({ document, undoLabel, canRedo }, { document: former }) => {
      // The store also tells how much memory the steps hold.
      if (document === former) return;
      clearTimeout(timer);
      if (document && document.id === former?.id && document.mask !== former.mask) {
        // What a click selected, the user wants to hear; while a slider moves it is summed up.
        const found = !canRedo && (undoLabel === 'wand' || undoLabel === 'smart');
        timer = setTimeout(() => sayCoverage(found ? 'select.done' : 'mask.coverage'), found ? SOON : REST);
      }
    });
    const endJobs = jobs.store.subscribe(({ groups, running }, before) => {
      const now = running.at(-1);
      const former = before.running.find(({ id }) => id === now?.id);
      if (now?.lost && !former?.lost) ui.announce('job.lost.told');
      // Only the first one: those that follow show more of the same.
      if (now?.glimpse && !former?.glimpse && now.glimpse.k === 1) ui.announce('job.glimpse.told');
      const finished = running.length < before.running.length;
      const n = groups.at(-1)?.results.length ?? 0;
      if (finished && groups.length > 0 && groups.at(-1)!.createdAt >= (before.running[0]?.startedAt ?? 0)) {
        ui.announce('results.arrived', { n });
      }
    });
    return () => {
      clearTimeout(timer);
      endEditor();
      endJobs();
    };
  }, [editor, jobs, preferences, ui]);
}
