import type { Document } from '../editor/document.ts';
import { type Layer, newLayer } from '../editor/layer.ts';
import { type PixelRect, union } from '../geometry/rect.ts';
import { supportOf } from '../raster/combine.ts';
import type { ImageCodec } from './ports.ts';

/**
 * Layers as one that shows the same, byte for byte: what is seen of the stack up to the topmost of them, wherever any
 * of them shows anything. All of `ids` must be visible; what lies between them must not be.
 */
export async function mergedLayer(
  signal: AbortSignal,
  codec: Pick<ImageCodec, 'flatten'>,
  document: Document,
  ids: readonly string[],
): Promise<Layer> {
  const merged = document.layers.filter(({ id }) => ids.includes(id));
  const rect = merged.reduce<PixelRect | null>((all, layer) => union(all, layer.rect), null);
  if (!rect) throw new RangeError('There is nothing to merge.');
  const top = document.layers.findLastIndex(({ id }) => ids.includes(id));
  // What lies beyond the frame stays part of the layer: the frame may grow.
  const stack = { ...document, frame: rect, layers: document.layers.slice(0, top + 1) };
  const image = await codec.flatten(signal, stack, rect);
  const weights = supportOf(merged.map(({ mask }) => mask));
  return newLayer(crypto.randomUUID(), { image, rect, weights }, { kind: 'merged' });
}
