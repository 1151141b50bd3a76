import { addLayers, type Document } from '../editor/document.ts';
import { type Layer, touchedBy } from '../editor/layer.ts';
import type { PixelLock, ResultGroup } from './job.ts';
import type { ImageCodec } from './ports.ts';

/** Counts, one result at a time, what it changes outside what was asked; `show` is told how far that is. */
export function createPixelCount(codec: ImageCodec, show: (lock: PixelLock) => void) {
  let counting = new AbortController();

  function stop() {
    counting.abort();
    show(null);
  }

  return {
    stop,

    /** For accepting `layers` over the document `before`. Nothing is shown when everything was asked to change. */
    async start({ asked }: ResultGroup, layers: readonly Layer[], before: Document): Promise<void> {
      stop();
      if (layers.length === 0 || !asked) return;
      counting = new AbortController();
      const { signal } = counting;
      show({ state: 'counting' });
      try {
        const after = addLayers(layers)(before);
        const changes = await codec.countChanges(signal, before, after, asked, touchedBy(layers));
        if (!signal.aborted) show({ state: 'counted', ...changes });
      } catch (error) {
        if (signal.aborted) return;
        show(null);
        throw error;
      }
    },
  };
}
