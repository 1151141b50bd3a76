import type { Layer } from '../editor/layer.ts';

export interface GlimpsesOptions {
  /** The unfinished picture as a layer. */
  readonly blend: (picture: Blob) => Promise<Layer>;
  /** Takes the place of what was shown before; null: nothing is to be shown any more. */
  readonly show: (
    shown: { readonly picture: Blob; readonly k: number; readonly layer: Layer } | null,
  ) => void;
  readonly forget: (imageId: string) => void;
}

/** Blends unfinished pictures one at a time, the newest next, and gives back their pixels. */
export function createGlimpses({ blend, show, forget }: GlimpsesOptions) {
  let next: { readonly picture: Blob; readonly k: number } | null = null;
  let shown: Layer | null = null;
  let working = false;
  let ended = false;

  async function work() {
    working = true;
    for (; next && !ended; ) {
      const { picture, k } = next;
      next = null;
      // One that can't be read is passed over: the finished picture is what counts.
      const layer = await blend(picture).catch(() => null);
      if (!layer) continue;
      if (ended) return forget(layer.image.id);
      const former = shown;
      shown = layer;
      show({ picture, k, layer });
      if (former) forget(former.image.id);
    }
    working = false;
  }

  return {
    take(picture: Blob, k: number): void {
      next = { picture, k };
      if (!working && !ended) void work();
    },
    end(): void {
      ended = true;
      if (!shown) return;
      show(null);
      forget(shown.image.id);
    },
  };
}
