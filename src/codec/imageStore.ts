import type { PixelSource } from '../blend/composite.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Pixels } from './decode.ts';
import { createPause, type Pause } from './pause.ts';

interface Entry {
  readonly load: (pause: Pause) => Promise<Pixels>;
  readonly controller: AbortController;
  loading: Promise<Pixels> | null;
}

export interface OpenStack {
  readonly source: PixelSource;
  readonly picture: Pixels;
  /** No picture of the stack has any transparency. */
  readonly opaque: boolean;
}

/**
 * id → pixels, decoded once, at the first need. A picture of 67 megapixels is 268 MB; nothing is kept twice, and
 * nothing after `forget`.
 */
export class ImageStore {
  readonly #entries = new Map<string, Entry>();

  add(id: string, load: (pause: Pause) => Promise<Pixels>): void {
    this.#entries.set(id, { load, controller: new AbortController(), loading: null });
  }

  get(id: string): Promise<Pixels> {
    const entry = this.#entries.get(id);
    if (!entry) return Promise.reject(new RangeError(`No image ${id}`));
    entry.loading ??= entry.load(createPause(entry.controller.signal));
    return entry.loading;
  }

  /** Decodes what the stack shows; the pixels can then be read synchronously. */
  async open(stack: LayerStack): Promise<OpenStack> {
    const picture = await this.get(stack.picture.id);
    const loaded = new Map([[stack.picture.id, picture]]);
    for (const { visible, image } of stack.layers) {
      if (visible) loaded.set(image.id, await this.get(image.id));
    }
    const opaque = [...loaded.values()].every((pixels) => pixels.opaque);
    return { source: { pixels: (id) => loaded.get(id)!.data }, picture, opaque };
  }

  forget(id: string): void {
    this.#entries.get(id)?.controller.abort();
    this.#entries.delete(id);
  }
}
