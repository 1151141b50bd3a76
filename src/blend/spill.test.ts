import { expect, test } from 'vitest';
import { changed, drawnScene, lossy, normalFrom, randomFrom, region } from '../../tests/drawnScene.ts';
import { findSpillSteps } from './spill.ts';

const width = 320;
const height = 256;
const size = { width, height };
const sent = drawnScene(width, height);
const away = (x: number, y: number) => Math.hypot(x - 160, y - 120) - 50;
const hole = region(width, height, (x, y) => away(x, y) < 0);

function spill(returned: Uint8Array, asked = hole): Uint8Array | null {
  const steps = findSpillSteps(sent, returned, asked, size);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Share of a soft ellipse's shadow at a pixel, 0–1. */
const shade = (x: number, y: number, at: { x: number; y: number; rx: number; ry: number }) =>
  Math.min(1, Math.max(0, (1.3 - Math.hypot((x - at.x) / at.rx, (y - at.y) / at.ry)) / 0.6));

/** What a service does to everything: noise, loss, and what it repaints inside. */
function service(pixels: Uint8Array, seed: number): Uint8Array {
  const normal = normalFrom(randomFrom(seed));
  return lossy(
    changed(pixels, width, (level, c, x, y) =>
      away(x, y) < 0 ? 128 + 60 * Math.sin(x / 4 + c) : level + 3 * normal(),
    ),
    width,
    3,
  );
}

const counted = (bytes: Uint8Array) => bytes.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);

test.each([10, 20, 40])('soft shadows of %i levels that touch the hole are found', (depth) => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = randomFrom(seed);
    const angle = random() * 2 * Math.PI;
    const at = {
      x: 160 + Math.cos(angle) * 62,
      y: 120 + Math.sin(angle) * 62,
      rx: 22 + random() * 25,
      ry: 14 + random() * 18,
    };
    const multiplied = seed % 2 === 0;
    const shadowed = changed(
      sent,
      width,
      (level, _, x, y) => level - depth * (multiplied ? level / 120 : 1) * shade(x, y, at),
    );
    const found = spill(service(shadowed, seed));
    expect(found, `seed ${seed}`).not.toBeNull();
    const truth = region(width, height, (x, y) => away(x, y) >= 0 && shade(x, y, at) * depth >= 3);
    const both = counted(truth.map((value, i) => value & found![i]!));
    expect(both / counted(found!), 'precision').toBeGreaterThan(0.8);
    expect(both / counted(truth), 'recall').toBeGreaterThan(0.9);
    expect(counted(hole.map((value, i) => value & found![i]!))).toBe(0);
    for (const value of found!) if (value !== 0 && value !== 255) expect.fail('neither 0 nor 255');
  }
});

test('a reflection in one colour is found too', () => {
  const at = { x: 160, y: 190, rx: 40, ry: 30 };
  const tinted = changed(sent, width, (level, c, x, y) => level + (c === 0 ? 25 * shade(x, y, at) : 0));
  expect(spill(service(tinted, 2))![190 * width + 160]).toBe(255);
});

test('repainted parts that touch nothing do not count', () => {
  const far = (x: number, y: number) => x > 250 && y > 180;
  const near = (x: number, y: number) => Math.abs(away(x, y) - 22) < 10 && y < 100;
  const repainted = changed(sent, width, (level, _, x, y) => (far(x, y) || near(x, y) ? 255 - level : level));
  expect(spill(service(repainted, 3))).toBeNull();
  const at = { x: 160, y: 190, rx: 40, ry: 24 };
  const both = changed(repainted, width, (level, _, x, y) => level - 25 * shade(x, y, at));
  const found = spill(service(both, 4))!;
  expect(found[190 * width + 160]).toBe(255);
  expect(counted(found.map((value, i) => (far(i % width, Math.floor(i / width)) ? value : 0)))).toBe(0);
  expect(counted(found.map((value, i) => (near(i % width, Math.floor(i / width)) ? value : 0)))).toBe(0);
});

test('noise, loss and a shift by part of a pixel are no spill', () => {
  expect(spill(sent)).toBeNull();
  for (const noise of [0, 2, 5]) {
    for (const step of [0, 3, 6]) {
      for (const shift of [0, 0.3]) {
        const normal = normalFrom(randomFrom(1 + noise + step));
        const moved = changed(sent, width, (level, c, x, y) => {
          const beside = x < width - 1 ? sent[(y * width + x + 1) * 4 + c]! : level;
          return level * (1 - shift) + beside * shift + noise * normal();
        });
        expect(spill(lossy(moved, width, step)), `${noise}, ${step}, ${shift}`).toBeNull();
      }
    }
  }
});

test('neither a retouched edge nor another picture is offered', () => {
  const edge = changed(sent, width, (level, _, x, y) => (away(x, y) < 3 ? level + 40 : level));
  expect(spill(service(edge, 5))).toBeNull();
  const other = changed(sent, width, (_, c, x, y) => ((x >> 4) * 83 + (y >> 4) * 131 + c * 57) % 256);
  expect(spill(other)).toBeNull();
  expect(
    spill(
      sent,
      region(width, height, () => true),
    ),
  ).toBeNull();
});
