import { type CropPlan, contentSize } from '../blend/cropPlan.ts';
import { wholeOf } from '../blend/resample.ts';
import type { Size } from '../blend/size.ts';
import { addLayers, chain, replaceLayer, settleGroups } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import { type Layer, type Made, movedTo, newLayer } from '../editor/layer.ts';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import type { ImageCodec } from './ports.ts';

/** Where a picture of this size comes to lie: whole inside the frame, centred, never enlarged. */
export function containedRect(size: Size, frame: PixelRect): PixelRect {
  const scale = Math.min(1, frame.width / size.width, frame.height / size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  return pixelRect(
    frame.x + Math.round((frame.width - width) / 2),
    frame.y + Math.round((frame.height - height) / 2),
    width,
    height,
  );
}

/** Where a raw answer lies as it was asked for, its padding at the right and bottom included. */
export function askedRect(plan: CropPlan): PixelRect {
  const { rect, sent } = plan;
  const content = contentSize(plan);
  return {
    ...rect,
    width: Math.round((rect.width * sent.width) / content.width),
    height: Math.round((rect.height * sent.height) / content.height),
  };
}

interface PlacingOptions {
  readonly editor: Editor;
  readonly codec: ImageCodec;
}

/** Pictures of their own as layers: laid over the document, moved and scaled, always from the picture as it came. */
export function createPlacing({ editor, codec }: PlacingOptions) {
  let moving = new AbortController();

  const find = (id: string) => editor.document()?.layers.find((layer) => layer.id === id);

  const scaled = (signal: AbortSignal, raw: ImageRef, rect: PixelRect) =>
    codec.fit(signal, raw, wholeOf(raw), rect, editor.document()?.picture ?? null);

  /** What was erased goes along; also what is erased while that is made. null: the layer is gone. */
  async function moved(
    signal: AbortSignal,
    id: string,
    image: ImageRef,
    rect: PixelRect,
  ): Promise<Layer | null> {
    for (let layer = find(id); layer; ) {
      const erased =
        layer.erased.tiles.size > 0
          ? await codec.scaleMask(signal, layer.erased, layer.rect, rect)
          : layer.erased;
      const now = find(id);
      if (now?.erased === layer.erased) return movedTo(now, image, rect, erased);
      layer = now;
    }
    return null;
  }

  async function layerOf(id: string, raw: ImageRef, made: Made, rect: PixelRect): Promise<Layer> {
    const image = await scaled(new AbortController().signal, raw, rect);
    return newLayer(id, { image, rect, weights: fillMask(rect) }, { kind: 'placed', raw, made });
  }

  return {
    /** null when there is no such layer, or when it was not placed. */
    rectOf(id: string): PixelRect | null {
      const layer = find(id);
      return layer?.origin.kind === 'placed' ? layer.rect : null;
    },

    /**
     * Moves and scales a placed layer: one step, once its pixels are made. The newest rectangle wins, and what it
     * overtakes ends without an error.
     */
    async set(id: string, rect: PixelRect): Promise<void> {
      moving.abort();
      moving = new AbortController();
      const { signal } = moving;
      const before = find(id);
      if (before?.origin.kind !== 'placed') return;
      const sameSize = before.rect.width === rect.width && before.rect.height === rect.height;
      let image: ImageRef | null = null;
      let layer: Layer | null = null;
      try {
        image = sameSize ? before.image : await scaled(signal, before.origin.raw, rect);
        layer = await moved(signal, id, image, rect);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      if (layer && !signal.aborted) editor.run('place', replaceLayer(layer));
      else if (image && !sameSize) codec.forget(image.id);
    },

    /**
     * Lays a picture over all others and settles groups with it: one step. Gives the layer's id; null when another
     * document was opened meanwhile.
     */
    async add(
      raw: ImageRef,
      made: Made,
      rect: PixelRect,
      settled: readonly string[] = [],
    ): Promise<string | null> {
      const before = editor.document();
      const layer = await layerOf(crypto.randomUUID(), raw, made, rect);
      if (editor.document()?.id !== before?.id) {
        codec.forget(layer.image.id);
        return null;
      }
      editor.run('place', chain(addLayers([layer]), settleGroups(settled)));
      return layer.id;
    },

    /** A result's layer with its whole raw answer instead of what was blended of it, as it was asked for. */
    asPlaced(layer: Layer): Promise<Layer> {
      if (layer.origin.kind !== 'result') return Promise.resolve(layer);
      const { raw, made, plan } = layer.origin;
      return layerOf(layer.id, raw, made, askedRect(plan));
    },
  };
}

export type Placing = ReturnType<typeof createPlacing>;
