import { addLayers, type Document } from '../editor/document.ts';
import type { Layer } from '../editor/layer.ts';
import { area } from '../geometry/rect.ts';
import { joinMasks } from '../raster/combine.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import { coverageSum } from '../raster/measure.ts';
import type { PixelLock, ResultGroup } from './job.ts';
import type { ImageCodec } from './ports.ts';

/** What came of answers between two documents. */
interface Step {
  readonly before: Document;
  readonly after: Document;
  /** What they were asked to change. */
  readonly asked: Mask;
  /** Layers that show or showed them. */
  readonly layers: readonly Layer[];
}

/** Counts, one step at a time, what it changes outside what was asked; `show` is told how far that is. */
export function createPixelCount(codec: ImageCodec, show: (lock: PixelLock) => void) {
  let counting = new AbortController();

  function stop() {
    counting.abort();
    show(null);
  }

  /** Nothing is shown when everything was asked to change. */
  async function count({ before, after, asked, layers }: Step): Promise<void> {
    stop();
    counting = new AbortController();
    const { signal } = counting;
    show({ state: 'counting' });
    try {
      const masks = layers.filter(({ visible }) => visible).map(({ mask }) => mask);
      const touched = masks.reduce(joinMasks, emptyMask);
      const changes = await codec.countChanges(signal, before, after, asked, touched);
      if (!signal.aborted) show({ state: 'counted', ...changes });
    } catch (error) {
      if (signal.aborted) return;
      show(null);
      throw error;
    }
  }

  return {
    stop,

    /** For accepting `layers` over the document `before`. */
    async start({ asked }: ResultGroup, layers: readonly Layer[], before: Document): Promise<void> {
      stop();
      if (layers.length > 0 && asked) {
        await count({ before, after: addLayers(layers)(before), asked, layers });
      }
    },

    /** For what was just done: accepting (also again, by redo) or blending again; for anything else nothing is shown. */
    async follow(before: Document, after: Document): Promise<void> {
      stop();
      const step = stepBetween(before, after);
      if (step) await count(step);
    },
  };
}

function stepBetween(before: Document, after: Document): Step | null {
  const former = new Map(before.layers.map((layer) => [layer.id, layer]));
  const changed = after.layers.filter((layer) => layer !== former.get(layer.id));
  const layers = changed.flatMap((layer) => [layer, former.get(layer.id) ?? layer]);
  const kept = after.layers.filter(({ id }) => former.has(id)).length === former.size;
  const asked = changed.reduce<Mask | null>((all, layer) => {
    const own = askedOf(layer, former.get(layer.id));
    return all && own && joinMasks(all, own);
  }, emptyMask);
  if (!kept || changed.length === 0 || !asked) return null;
  return coverageSum(asked, after.frame) < 255 * area(after.frame) ? { before, after, asked, layers } : null;
}

/** null: the layer is no answer, or not just accepted or blended again. */
function askedOf({ origin }: Layer, former: Layer | undefined): Mask | null {
  if (origin.kind !== 'result') return null;
  const again = former?.origin.kind === 'result' && former.origin.settings !== origin.settings;
  return !former || again ? origin.asked : null;
}
