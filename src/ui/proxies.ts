import type { OpenedImage } from '../codec/protocol.ts';

/**
 * Hands the bitmap that was made while a picture was opened to the stage, which then shows it at once instead of
 * waiting for the exact decode. Only the newest is kept: what nobody takes is closed.
 */
export function createProxies() {
  let kept: { readonly id: string; readonly bitmap: ImageBitmap } | null = null;
  return {
    offer(opened: OpenedImage): OpenedImage {
      kept?.bitmap.close();
      kept = { id: opened.ref.id, bitmap: opened.proxy };
      return opened;
    },
    take(id: string): ImageBitmap | null {
      if (kept?.id !== id) return null;
      const { bitmap } = kept;
      kept = null;
      return bitmap;
    },
  };
}

export type Proxies = ReturnType<typeof createProxies>;
