import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf, maskFromCoverage } from './coverage.ts';
import { fillMask } from './invert.ts';
import type { LayerStack, RasterLayer } from './layerStack.ts';
import { maskSource } from './mask.ts';
import { maskBytes } from './measure.ts';
import { TILE_AREA } from './tile.ts';
import { uncoveredMask } from './uncovered.ts';

const rect = (least: number, most: number) =>
  fc
    .tuple(
      fc.integer({ min: least, max: 300 }),
      fc.integer({ min: least, max: 300 }),
      fc.integer({ min: 1, max: most }),
      fc.integer({ min: 1, max: most }),
    )
    .map(([x, y, width, height]) => pixelRect(x, y, width, height));

const layer = fc
  .record({ rect: rect(-400, 600), masked: rect(-400, 600), soft: fc.boolean(), visible: fc.boolean() })
  .map(({ rect, masked, soft, visible }): RasterLayer => {
    const bytes = new Uint8Array(masked.width * masked.height).fill(255);
    if (soft) for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7) % 256;
    return {
      id: 'l',
      image: { id: 'i', width: rect.width, height: rect.height },
      rect,
      mask: maskFromCoverage(bytes, masked),
      visible,
    };
  });

const holds = (area: PixelRect, x: number, y: number) =>
  x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;

function uncoveredAt({ frame, picture, layers }: LayerStack, x: number, y: number): number {
  if (!holds(frame, x, y) || holds(pixelRect(0, 0, picture.width, picture.height), x, y)) return 0;
  return layers
    .filter((one) => one.visible && holds(one.rect, x, y))
    .reduce((value, one) => Math.round((value * (255 - coverageAt(one.mask, x, y))) / 255), 255);
}

test('uncovered is what neither the picture nor a visible layer fills', () => {
  fc.assert(
    fc.property(
      rect(-400, 700),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
      fc.array(layer, { maxLength: 3 }),
      (frame, width, height, layers) => {
        const stack: LayerStack = { frame, picture: { id: 'p', width, height }, layers };
        const mask = uncoveredMask(stack);
        const around = pixelRect(frame.x - 9, frame.y - 9, frame.width + 18, frame.height + 18);
        const got = coverageOf(maskSource(mask), around);
        let wrong = 0;
        for (let y = 0, i = 0; y < around.height; y++)
          for (let x = 0; x < around.width; x++, i++)
            if (got[i] !== uncoveredAt(stack, around.x + x, around.y + y)) wrong++;
        expect(wrong).toBe(0);
        expect([...mask.tiles.values()]).not.toContain(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('only the borders take memory', () => {
  const frame = pixelRect(-3001, -2000, 8192, 8192);
  const covered = pixelRect(1024, -2000, 4000, 3000);
  const layers = [
    {
      id: 'l',
      image: { id: 'i', width: covered.width, height: covered.height },
      rect: covered,
      mask: fillMask(intersect(covered, frame)!),
      visible: true,
    },
  ];
  const mask = uncoveredMask({ frame, picture: { id: 'p', width: 2048, height: 1000 }, layers });
  expect(maskBytes(mask)).toBeLessThan(200 * TILE_AREA);
  expect(
    uncoveredMask({ frame, picture: { id: 'p', width: 9000, height: 9000 }, layers }).tiles.size,
  ).toBeGreaterThan(0);
  const whole = pixelRect(0, 0, 4096, 4096);
  expect(
    uncoveredMask({ frame: whole, picture: { id: 'p', width: 4096, height: 4096 }, layers }).tiles.size,
  ).toBe(0);
  expect(
    maskBytes(uncoveredMask({ frame: whole, picture: { id: 'p', width: 256, height: 512 }, layers: [] })),
  ).toBe(0);
});
