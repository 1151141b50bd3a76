import type { Size } from '../../src/blend/size.ts';
import { createRandom, type Random } from '../../src/fill/random.ts';
import { addNoise, type Colour, fillAll, paintBox, paintDisc, paintStroke } from './paint.ts';
import { bytesOf, createPlanes, type Planes } from './planes.ts';

/** What a true picture shows. The last four have little that a shift could be told by, or nothing. */
export type TruthKind = 'texture' | 'edges' | 'text' | 'scene' | 'gradient' | 'faint' | 'sparse' | 'flat';

/** A picture drawn by code, opaque RGBA: the same kind, size and seed give the same bytes. Next to free of aliasing. */
export function truth(kind: TruthKind, size: Size, seed: number): Uint8Array<ArrayBuffer> {
  const planes = createPlanes(size);
  painters[kind](planes, createRandom(seed, 77), seed);
  return bytesOf(planes);
}

type Painter = (planes: Planes, random: Random, seed: number) => void;

const painters: Readonly<Record<TruthKind, Painter>> = {
  texture: (planes, random, seed) => {
    fillAll(planes, mid(random));
    for (const [cell, amplitude] of [
      [3, 50],
      [6, 60],
      [13, 70],
      [29, 80],
      [61, 80],
    ] as const) {
      addNoise(planes, cell, [amplitude, amplitude, amplitude], seed);
    }
  },

  edges: (planes, random) => {
    const { width, height } = planes.size;
    fillAll(planes, colour(random));
    const edge = Math.min(width, height);
    for (let i = 0; i < 40; i++) {
      const at = [random.between(0, width), random.between(0, height)] as const;
      const half = [random.between(0.03, 0.2) * edge, random.between(0.03, 0.2) * edge] as const;
      if (random.unit() < 0.6) paintBox(planes, [...at, ...half], random.between(0, Math.PI), colour(random));
      else paintDisc(planes, ...at, half[0], colour(random));
    }
  },

  text: (planes, random) => {
    const paper = random.between(225, 250);
    fillAll(planes, [paper, paper, paper - random.between(0, 12)]);
    const { width, height } = planes.size;
    const ink: Colour = [random.between(10, 60), random.between(10, 60), random.between(10, 80)];
    const em = Math.max(12, Math.min(width, height) / 26);
    for (let y = em; y < height - em / 2; y += em * 1.6) {
      const end = width - em * random.between(0.7, random.unit() < 0.25 ? 12 : 2);
      for (let x = em; x < end; x += em * 0.72) {
        if (random.unit() < 0.16) x += em * 0.4;
        else paintGlyph(planes, x, y, em, ink, random);
      }
    }
  },

  scene: (planes, random, seed) => {
    const { width, height } = planes.size;
    const edge = Math.min(width, height);
    fillAll(planes, [130, 165, 205]);
    addNoise(planes, edge / 2, [40, 35, 25], seed);
    const horizon = height * random.between(0.4, 0.6);
    paintBox(
      planes,
      [width / 2, horizon + height, width, height],
      random.between(-0.08, 0.08),
      [96, 110, 62],
    );
    for (let i = 0; i < 9; i++) {
      const half = edge * random.between(0.03, 0.09);
      const x = random.between(0, width);
      const tall = edge * random.between(0.06, 0.22);
      const wall = colour(random);
      paintBox(planes, [x, horizon - tall / 2, half, tall], 0, wall);
      for (let row = horizon - tall * 1.4; row < horizon; row += edge * 0.035) {
        for (let at = x - half * 0.7; at < x + half * 0.8; at += edge * 0.03) {
          paintBox(
            planes,
            [at, row, edge * 0.007, edge * 0.01],
            0,
            random.unit() < 0.5 ? [40, 44, 60] : wall,
          );
        }
      }
    }
    for (let i = 0; i < 60; i++) {
      const y = horizon + random.unit() ** 2 * (height - horizon);
      const radius = edge * (0.008 + (0.05 * (y - horizon)) / height);
      paintDisc(planes, random.between(0, width), y, radius, shade([50, 90, 40], random.between(0.5, 1.7)));
    }
    addNoise(planes, 3.5, [14, 14, 14], seed);
    addNoise(planes, 9, [12, 12, 12], seed);
  },

  gradient: (planes, random, seed) => {
    fillAll(planes, mid(random));
    const edge = Math.min(planes.size.width, planes.size.height);
    addNoise(planes, edge / 3, [90, 90, 90], seed);
    addNoise(planes, edge / 7, [60, 60, 60], seed);
  },

  faint: (planes, random, seed) => {
    fillAll(planes, mid(random));
    addNoise(planes, 5, [5, 5, 5], seed);
    addNoise(planes, 11, [5, 5, 5], seed);
    addNoise(planes, 120, [30, 30, 30], seed);
  },

  sparse: (planes, random) => {
    const { width, height } = planes.size;
    const ground = mid(random);
    fillAll(planes, ground);
    for (let i = 0; i < 16; i++) {
      const [x, y] = [((i % 4) + random.unit()) * (width / 4), ((i >> 2) + random.unit()) * (height / 4)];
      const radius = random.between(0.012, 0.03) * Math.min(width, height);
      paintDisc(planes, x, y, radius, shade(ground, random.unit() < 0.5 ? 0.85 : 1.15));
    }
  },

  flat: (planes, random) => fillAll(planes, mid(random)),
};

/** Two to four strokes between the points of a grid of 3 by 4, as letters are. */
function paintGlyph(planes: Planes, x: number, y: number, em: number, ink: Colour, random: Random): void {
  const place = () => [x + random.below(3) * em * 0.22, y + random.below(4) * em * 0.25] as const;
  let from = place();
  for (let strokes = 2 + random.below(3); strokes > 0; strokes--) {
    const to = place();
    paintStroke(planes, [...from, ...to], em * 0.06, ink);
    from = to;
  }
}

function colour(random: Random): Colour {
  return [random.between(20, 235), random.between(20, 235), random.between(20, 235)];
}

function mid(random: Random): Colour {
  return [random.between(100, 155), random.between(100, 155), random.between(100, 155)];
}

function shade([r, g, b]: Colour, factor: number): Colour {
  return [r * factor, g * factor, b * factor];
}
