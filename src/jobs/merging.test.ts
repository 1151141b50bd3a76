import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flattenRect } from '../blend/composite.ts';
import { type Document, mergeLayers, newDocument } from '../editor/document.ts';
import { type Layer, newLayer, withErased } from '../editor/layer.ts';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { mergedLayer } from './merging.ts';

const SIZE = 12;
const picture = { id: 'picture', width: SIZE, height: SIZE };

/** Bytes that a seed gives: enough of 0 and 255 among them. */
function bytes(seed: number, length: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    const value = (state >>> 16) & 0xff;
    return value < 60 ? 0 : value > 200 ? 255 : value;
  });
}

interface Recipe {
  readonly seed: number;
  readonly rect: PixelRect;
  readonly visible: boolean;
}

const recipe: fc.Arbitrary<Recipe> = fc.record({
  seed: fc.nat(1e6),
  rect: fc
    .tuple(
      fc.integer({ min: -4, max: 8 }),
      fc.integer({ min: -4, max: 8 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([x, y, width, height]) => pixelRect(x, y, width, height)),
  visible: fc.boolean(),
});

function draw(recipes: readonly Recipe[]) {
  const pixels = new Map([['picture', bytes(7, SIZE * SIZE * 4)]]);
  const layers = recipes.map(({ seed, rect, visible }, k): Layer => {
    const area = rect.width * rect.height;
    const image = { id: `image-${k}`, width: rect.width, height: rect.height };
    pixels.set(image.id, bytes(seed, area * 4));
    const weights = maskFromCoverage(bytes(seed + 1, area), rect);
    const layer = newLayer(`layer-${k}`, { image, rect, weights }, { kind: 'merged' });
    return { ...withErased(layer, maskFromCoverage(bytes(seed + 2, area), rect)), visible };
  });
  const document = { ...newDocument({ id: 'd', name: 'd', picture }), layers };
  const source = { pixels: (id: string) => pixels.get(id)! };
  const codec = {
    flatten: async (_: AbortSignal, stack: LayerStack, rect: PixelRect) => {
      pixels.set('merged', flattenRect(source, stack, rect));
      return { id: 'merged', width: rect.width, height: rect.height };
    },
  };
  const seen = (of: Document) => flattenRect(source, of, pixelRect(-6, -6, 26, 26));
  return { document, codec, seen };
}

const { signal } = new AbortController();

test('merging changes no byte of what is seen, in the frame and when it grows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(recipe, { minLength: 2, maxLength: 4 }), fc.boolean(), async (recipes, all) => {
      const { document, codec, seen } = draw(recipes);
      const shown = document.layers.filter(({ visible }) => visible).map(({ id }) => id);
      const ids = all ? shown : neighbours(document);
      if (ids.length < 2) return;
      const wide = { ...document, frame: pixelRect(-6, -6, 26, 26) };
      const merged = await mergedLayer(signal, codec, document, ids);
      const after = mergeLayers(ids, merged)(document);
      expect(after.layers.length).toBe(document.layers.length - ids.length + 1);
      expect(Buffer.compare(seen(after), seen(document))).toBe(0);
      expect(Buffer.compare(seen({ ...after, frame: wide.frame }), seen(wide))).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** The first two that lie on each other and are both shown. */
function neighbours({ layers }: Document): string[] {
  const at = layers.findIndex((layer, k) => layer.visible && layers[k + 1]?.visible);
  return at < 0 ? [] : [layers[at]!.id, layers[at + 1]!.id];
}

test('nothing can’t be merged', async () => {
  const { document, codec } = draw([]);
  await expect(mergedLayer(signal, codec, document, [])).rejects.toThrow(RangeError);
});
