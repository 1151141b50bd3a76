import { addRasterLayer, type Document } from '../editor/document.ts';
import { maskBounds } from '../raster/measure.ts';
import type { PixelLock, Result, ResultGroup } from './job.ts';
import type { ImageCodec } from './ports.ts';

/** Counts, one result at a time, what it changes outside the erased region; `show` is told how far that is. */
export function createPixelCount(codec: ImageCodec, show: (lock: PixelLock) => void) {
  let counting = new AbortController();

  function stop() {
    counting.abort();
    show(null);
  }

  return {
    stop,

    /** For accepting `result` over the document `before`. Nothing is shown when nothing was erased. */
    async start({ snapshot }: ResultGroup, { layer }: Result, before: Document): Promise<void> {
      stop();
      if (!layer || !snapshot || !maskBounds(snapshot.mask)) return;
      counting = new AbortController();
      const { signal } = counting;
      show({ state: 'counting' });
      try {
        const changed = await codec.countChanged(
          signal,
          before,
          addRasterLayer(layer)(before),
          snapshot.mask,
        );
        if (!signal.aborted) show({ state: 'counted', changed });
      } catch (error) {
        if (signal.aborted) return;
        show(null);
        throw error;
      }
    },
  };
}
