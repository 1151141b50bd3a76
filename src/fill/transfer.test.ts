import { expect, test } from 'vitest';
import { HOLE, KNOWN, VOID } from './level.ts';
import { createArena, createMemory } from './memory.ts';
import type { FillRequest } from './picture.ts';
import { blendCopies, bytesFor, solve } from './solve.ts';
import { bestKernels, createSolo } from './team.ts';
import { checker, drawPicture, rectHole } from './testPictures.ts';
import { cropLevel, transferFill } from './transfer.ts';

/** Fills a picture at 1 / 2 ^ depth of its size and carries that to full size. */
function fillAt(depth: number, request: FillRequest): Uint8Array {
  const { width, height } = request;
  const region = { left: 0, top: 0, right: width, bottom: height };
  const memory = createMemory(bytesFor(width, height));
  const arena = createArena(memory);
  const team = createSolo(bestKernels(memory), undefined);
  const level = cropLevel(request, region, depth, arena, undefined);
  const hooks = { progress: () => undefined, stage: () => undefined };
  const solved = blendCopies(team, arena, solve(team, arena, level, 1, undefined, hooks)!);
  const result = new Uint8Array(request.rgba);
  transferFill(request, region, depth, solved, result, undefined);
  return result;
}

/** The hole's own colours must not show through. */
function blind(request: FillRequest): FillRequest {
  const rgba = request.rgba.slice();
  request.hole.forEach((value, pixel) => {
    if (value !== 0) rgba.set([255, 0, 255, 255], pixel * 4);
  });
  return { ...request, rgba };
}

test.each([1, 2])(
  'solved at 1 / 2^%d, fine texture stays as sharp as it is, and nothing outside changes',
  (depth) => {
    // A texture of single pixels over a gradient: gone in the small picture, there again in the large one.
    const picture = drawPicture(320, 240, (x, y) => {
      const fine = (x + y) % 2 === 0 ? 40 : 0;
      return [60 + (x >> 2) + fine, 100 + fine, 140 - (y >> 2) + fine];
    });
    const hole = rectHole(picture, 120, 80, 200, 160);
    const request = blind({ ...picture, hole, seed: 1 });
    const filled = fillAt(depth, request);
    let changed = 0;
    let steps = 0;
    let wrong = 0;
    for (let pixel = 0; pixel < hole.length; pixel++) {
      for (let byte = pixel * 4; byte < pixel * 4 + 4; byte++) {
        if (hole[pixel] === 0 && filled[byte] !== request.rgba[byte]) changed++;
        if (hole[pixel] === 1 && Math.abs(filled[byte]! - picture.rgba[byte]!) > 60) wrong++;
      }
      if (hole[pixel] === 1 && hole[pixel + 1] === 1)
        steps += Math.abs(filled[pixel * 4]! - filled[pixel * 4 + 4]!);
    }
    expect(changed).toBe(0);
    expect(wrong).toBe(0);
    // In the original each of the 79 × 80 pairs has a step of about 40.
    expect(steps / (79 * 80)).toBeGreaterThan(30);
  },
);

test('a cell with any hole in it is hole, one with nothing to see is void, and means are of what is known', () => {
  const picture = drawPicture(6, 4, (x, y) => [x < 2 ? 10 : 30, 0, 0, x >= 4 && y < 2 ? 0 : 255]);
  const hole = new Uint8Array(24);
  hole[2 * 6 + 5] = 1;
  const arena = createArena(createMemory(10_000));
  const region = { left: 1, top: 0, right: 6, bottom: 4 };
  const level = cropLevel({ ...picture, hole, seed: 1 }, region, 1, arena, undefined);
  expect([level.width, level.height]).toEqual([3, 2]);
  expect([...level.state]).toEqual([KNOWN, KNOWN, VOID, KNOWN, KNOWN, HOLE]);
  expect([level.pixels[0], level.pixels[4]]).toEqual([20, 30]);
});

test('a copy takes the alpha of what it was copied from', () => {
  const opaque = checker(200, 160);
  const picture = { ...opaque, rgba: opaque.rgba.map((value, byte) => (byte % 4 === 3 ? 128 : value)) };
  const hole = rectHole(picture, 80, 60, 120, 100);
  const filled = fillAt(1, blind({ ...picture, hole, seed: 1 }));
  hole.forEach((value, pixel) => {
    if (value !== 0) expect(filled[pixel * 4 + 3]).toBe(128);
  });
});
