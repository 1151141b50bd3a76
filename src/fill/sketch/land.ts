import { createRandom, type Random } from '../random.ts';
import { type Canvas, eachPixel, lay } from './canvas.ts';
import { type Colour, clamp01, mix, rgb, scale, smoothstep } from './colour.ts';
import { createNoise, type Noise } from './noise.ts';
import type { Scene } from './scene.ts';

/** One silhouette in front of the last: its skyline, and the colour of what is below. */
interface Ridge {
  /** y of the skyline per column, px. */
  readonly skyline: Float32Array;
  /** Row at which it ends (what is nearer covers it), px. */
  readonly foot: number;
  /** Colour of a pixel before haze; `below` is its distance under the skyline in units. */
  readonly surface: (x: number, y: number, below: number) => Colour;
  /** How far away, 0 near … 1 in the haze. */
  readonly distance: number;
  /** Mist that gathers at the foot, 0..1. */
  readonly mist: number;
}

function paintRidge(canvas: Canvas, scene: Scene, ridge: Ridge): void {
  const { unit } = canvas;
  const top = ridge.skyline.reduce((least, y) => Math.min(least, y), ridge.foot);
  eachPixel(canvas, top - 1, ridge.foot, (x, y, pixel) => {
    const depth = y - ridge.skyline[x]!;
    const coverage = clamp01(depth + 0.5);
    if (coverage === 0) return;
    const below = depth / unit;
    const air = ridge.distance + (1 - ridge.distance) * ridge.mist * smoothstep(0, 0.3, below);
    lay(canvas, pixel, mix(ridge.surface(x, y, below), scene.haze, air), coverage);
  });
}

function skyline(canvas: Canvas, height: (u: number) => number): Float32Array {
  const line = new Float32Array(canvas.width);
  for (let x = 0; x < canvas.width; x++) line[x] = height(x / canvas.unit);
  return line;
}

/** A light-and-shade factor for rough ground: the slope of a relief towards the lamp. */
function relief(noise: Noise, scene: Scene, unit: number, detail: number, width: number) {
  return (x: number, y: number): number => {
    const u = (x / unit) * detail;
    const v = (y / unit) * detail * 0.75;
    const side = scene.lamp.x * width > x ? 1 : -1;
    return noise.ridged(u + 0.05 * side, v - 0.04, 4) - noise.ridged(u - 0.05 * side, v + 0.04, 4);
  };
}

const underLight = (scene: Scene, colour: Colour, amount: number): Colour => {
  const lit = scale(colour, (0.25 + 0.75 * scene.daylight) * amount);
  const warm: Colour = [
    lit[0] * scene.lamp.colour[0],
    lit[1] * scene.lamp.colour[1],
    lit[2] * scene.lamp.colour[2],
  ];
  return mix(mix(lit, warm, 0.7), scale(scene.sky[0]!, 0.6), 0.16);
};

export function paintMountains(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const rock = scene.things.get('mountains')?.[0] ?? rgb(0x5b6270);
  const snowy = scene.things.has('snow') || (scene.things.get('mountains')?.length ?? 0) === 0;
  const base = height * scene.horizon;
  const layers = 4;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const noise = createNoise(scene.seed, 20 + i);
    const rise = unit * (0.3 - 0.2 * near);
    const line = skyline(canvas, (u) => {
      const peaks = noise.ridged(u * (1.25 + 0.9 * near), 0.5, 7) + 0.35 * noise.at(u * 0.8, 7);
      return base + unit * 0.012 * i - rise * (peaks - 0.22);
    });
    const shading = relief(noise, scene, unit, 7, width);
    paintRidge(canvas, scene, {
      skyline: line,
      foot: base + unit * 0.03 * (i + 1),
      distance: 0.74 - 0.55 * near,
      mist: 0.75,
      surface: (x, y, below) => {
        const facets = shading(x, y);
        const altitude = (base - y) / unit;
        const snow =
          snowy && i < 3 ? smoothstep(0.03, 0.14, altitude - 0.35 * below + 0.25 * facets - 0.03 * near) : 0;
        const colour = mix(rock, rgb(0xf4f6fa), 0.92 * snow);
        return underLight(scene, colour, clamp01(0.72 + 1.5 * facets) + 0.12);
      },
    });
  }
}

export function paintHills(canvas: Canvas, scene: Scene): void {
  const { height, unit } = canvas;
  const said = scene.things.get('hills')?.[0] ?? scene.things.get('field')?.[0];
  const colour = scene.things.has('snow') ? rgb(0xe9eef5) : (said ?? rgb(0x5f8f4a));
  const base = height * scene.horizon;
  const layers = 4;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const noise = createNoise(scene.seed, 30 + i);
    const line = skyline(
      canvas,
      (u) =>
        base + unit * (0.05 * i - 0.04) - unit * 0.085 * (noise.fractal(u * (1.1 + 0.3 * i), 3.3, 3) + 0.2),
    );
    paintRidge(canvas, scene, {
      skyline: line,
      foot: height,
      distance: 0.62 * (1 - near) ** 1.3,
      mist: 0.4 * (1 - near),
      surface: (x, y, below) => {
        const patches = noise.fractal((x / unit) * 5, (y / unit) * 16, 4);
        return underLight(scene, colour, 0.75 + 0.4 * patches + 0.28 * Math.exp(-below * 22));
      },
    });
  }
}

/** Raises a skyline by conifers of about `tall` px. */
function plantTrees(line: Float32Array, tall: number, random: Random): Float32Array {
  const planted = line.slice();
  const spacing = Math.max(1, tall * 0.16);
  for (let x = -tall; x < line.length + tall; x += spacing * random.between(0.5, 1.6)) {
    const size = tall * random.between(0.5, 1.15);
    const half = size * random.between(0.15, 0.22);
    const ground = line[Math.min(line.length - 1, Math.max(0, Math.round(x)))]!;
    const twigs = random.between(0.1, 0.2);
    for (let px = Math.max(0, Math.ceil(x - half)); px <= Math.min(line.length - 1, x + half); px++) {
      const out = Math.abs(px - x) / half;
      const saw = (out * 5 + (px > x ? 0.4 : 0)) % 1;
      const crown = ground - size * (1 - out ** 0.8) * (1 - twigs * saw) + size * 0.1;
      if (crown < planted[px]!) planted[px] = crown;
    }
  }
  return planted;
}

export function paintForest(canvas: Canvas, scene: Scene): void {
  const { height, unit } = canvas;
  const colour = scene.things.get('forest')?.[0] ?? rgb(0x2f5a3c);
  const base = height * scene.horizon;
  const alone = !scene.things.has('water');
  const layers = alone ? 5 : 3;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const noise = createNoise(scene.seed, 40 + i);
    const random = createRandom(scene.seed, 41, i);
    const drop = alone ? 0.3 * near ** 1.4 : 0.012 * i;
    const ground = skyline(
      canvas,
      (u) => base + unit * (drop - 0.02) - unit * 0.05 * noise.fractal(u * 1.6, 1.7, 3),
    );
    const tall = unit * (alone ? 0.03 + 0.2 * near ** 1.6 : 0.025 + 0.035 * near);
    paintRidge(canvas, scene, {
      skyline: plantTrees(ground, tall, random),
      foot: alone ? height : base + unit * 0.02 * (i + 1),
      distance: 0.72 * (1 - near) ** 1.4,
      mist: alone ? 0.6 * (1 - near) : 0.3,
      surface: (x, y, below) => {
        const grain = noise.fractal((x / unit) * 60, (y / unit) * 24, 2);
        const frost = scene.things.has('snow')
          ? 0.7 * smoothstep(-0.3, 0.5, grain) * Math.exp(-below * 9)
          : 0;
        const lit = underLight(scene, colour, 0.5 + 0.35 * grain + 0.25 * Math.exp(-below * 30));
        return mix(lit, underLight(scene, rgb(0xf1f5fb), 0.9), frost);
      },
    });
  }
}

/** Dunes with a lit and a shaded side and ripples. */
export function paintDesert(canvas: Canvas, scene: Scene): void {
  const { height, unit } = canvas;
  const sand = scene.things.get('desert')?.[0] ?? rgb(0xd9a566);
  const base = height * scene.horizon;
  const layers = 5;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const noise = createNoise(scene.seed, 50 + i);
    const crest = (u: number) => noise.ridged(u * (0.75 + 0.25 * i), i * 2.7, 2);
    const line = skyline(
      canvas,
      (u) => base + unit * (0.075 * i - 0.02) - unit * (0.06 + 0.06 * near) * crest(u),
    );
    paintRidge(canvas, scene, {
      skyline: line,
      foot: height,
      distance: 0.6 * (1 - near) ** 1.4,
      mist: 0.35 * (1 - near),
      surface: (x, y, below) => {
        const u = x / unit;
        const face = noise.at(u * 2.2 + below * 4.5, i * 3.1 + below * 1.5);
        const bend = noise.fractal(u * 4, (y / unit) * 5, 2);
        const ripples = Math.sin((y / unit) * (210 - 90 * near) + u * 24 + bend * 22) * 0.055 * near;
        return underLight(scene, sand, 0.8 + 0.42 * smoothstep(-0.12, 0.16, face) - 0.2 + ripples);
      },
    });
  }
}

interface Building {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly shade: number;
  readonly seed: number;
}

export function paintCity(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const wall = scene.things.get('city')?.[0] ?? rgb(0x69707e);
  const base = height * (scene.things.has('water') ? scene.horizon : Math.max(scene.horizon, 0.8));
  const lights = 1 - smoothstep(0.3, 0.7, scene.daylight);
  const layers = 4;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const random = createRandom(scene.seed, 60, i);
    const noise = createNoise(scene.seed, 61, i);
    const buildings: Building[] = [];
    const line = new Float32Array(width).fill(base);
    const owner = new Int32Array(width).fill(-1);
    for (let x = -random.unit() * unit * 0.04; x < width; ) {
      const wide = unit * random.between(0.03, 0.075) * (0.7 + 0.5 * near);
      const centre = clamp01(1.25 - 1.9 * Math.abs((x + wide / 2) / width - 0.5 + 0.25 * noise.at(i, 1)));
      const tall = unit * (0.07 + (0.34 - 0.2 * near) * random.unit() ** 1.6 * (0.35 + centre));
      const building = {
        left: x,
        right: x + wide,
        top: base - tall,
        shade: random.between(0.75, 1.1),
        seed: random.below(1e6),
      };
      const spire = random.unit() < 0.18 ? wide * random.between(0.08, 0.2) : 0;
      for (let px = Math.max(0, Math.ceil(x)); px < Math.min(width, x + wide); px++) {
        const inSpire = Math.abs(px - x - wide / 2) < spire;
        line[px] = building.top - (inSpire ? tall * 0.16 : 0);
        owner[px] = buildings.length;
      }
      buildings.push(building);
      x += wide * random.between(0.75, 1.15);
    }
    const cell = Math.max(3, unit * (0.008 + 0.004 * near));
    paintRidge(canvas, scene, {
      skyline: line,
      foot: height,
      distance: 0.72 * (1 - near),
      mist: 0.35 * (1 - near),
      surface: (x, y) => {
        const building = buildings[owner[x]!];
        if (!building) return underLight(scene, wall, 0.4);
        const column = Math.floor((x - building.left) / cell);
        const row = Math.floor((y - building.top) / (cell * 1.25));
        const inX = ((x - building.left) / cell) % 1;
        const inY = ((y - building.top) / (cell * 1.25)) % 1;
        const body = underLight(scene, wall, building.shade * (0.75 - 0.35 * near * lights));
        const pane = inX > 0.22 && inX < 0.78 && inY > 0.25 && inY < 0.8 && row >= 0 && y < base;
        if (!pane) return body;
        const luck = createLuck(building.seed, column, row);
        if (luck < 0.42 * lights) return scale(rgb(luck < 0.12 ? 0xfff0cf : 0xffc56e), 0.45 + 1.2 * luck);
        return mix(body, scene.haze, 0.12 + 0.3 * luck * scene.daylight);
      },
    });
  }
}

/** 0..1, always the same for the same window. */
function createLuck(seed: number, column: number, row: number): number {
  let hash =
    Math.imul(seed ^ Math.imul(column + 11, 0x27d4eb2d), 0x85ebca6b) ^ Math.imul(row + 7, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000;
}
