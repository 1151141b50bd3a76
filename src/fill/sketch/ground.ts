import { createRandom } from '../random.ts';
import { type Canvas, eachPixel, lay, shine } from './canvas.ts';
import { type Colour, clamp01, mix, rgb, scale, smoothstep } from './colour.ts';
import { createNoise } from './noise.ts';
import type { Scene } from './scene.ts';

const PETALS = [rgb(0xd8433f), rgb(0xf2c14a), rgb(0xe9e4f2), rgb(0xb56bc2), rgb(0xec87a9)];

/** How bright sunlit ground is, with the sky's share. */
const lit = (scene: Scene, colour: Colour, amount: number): Colour =>
  mix(scale(colour, (0.25 + 0.75 * scene.daylight) * amount), scale(scene.sky[0]!, 0.5), 0.12);

/** Mirrors what is above the horizon, broken by waves that grow towards the viewer, with glitter under the lamp. */
export function paintWater(canvas: Canvas, scene: Scene): void {
  const { width, height, unit, light } = canvas;
  const { lamp } = scene;
  const noise = createNoise(scene.seed, 70);
  const line = Math.round(height * scene.horizon);
  const said = scene.things.get('water')?.[0];
  const deep = said ?? mix(scale(scene.sky[0]!, 0.45), rgb(0x12384a), scene.time === 'day' ? 0.5 : 0.2);
  const tint = said ? 0.5 : 0.22;
  const above = light.slice(0, line * width * 3);
  eachPixel(canvas, line, height, (x, y, pixel) => {
    const below = (y - line + 0.5) / unit;
    const distance = 1 / (below + 0.015);
    const u = ((x - width / 2) / unit) * distance * 0.32;
    const v = distance * 2.1;
    const fine = below < 0.03 ? 3 : 4;
    const wave = noise.fractal(u * 1.6, v * 2.6, fine);
    const slope = wave - noise.at(u * 1.6, v * 2.6 + 0.35) * 0.4;
    const calm = smoothstep(0, 0.05, below);
    const mirrorY = line - 1 - (y - line) * 0.9 - wave * unit * 0.09 * calm;
    const mirrorX = x + slope * unit * 0.022 * calm;
    const fromX = Math.min(width - 1, Math.max(0, Math.round(mirrorX)));
    const fromY = Math.min(line - 1, Math.max(0, Math.round(mirrorY)));
    const from = (fromY * width + fromX) * 3;
    const mirrored: Colour = [above[from] ?? 0, above[from + 1] ?? 0, above[from + 2] ?? 0];
    const body = scale(deep, (0.35 + 0.65 * scene.daylight) * (1 + 0.5 * slope));
    const facing = clamp01(tint + 0.45 * smoothstep(0, 0.5, below) + 0.35 * slope);
    lay(canvas, pixel, mix(mirrored, body, facing), 1);
    if (lamp.seen) {
      const aside = (x / width - lamp.x) * (width / unit);
      const path = Math.exp(-((aside / (0.035 + 0.22 * below)) ** 2));
      const glint = smoothstep(0.16, 0.5, wave + 0.24 * noise.at(u * 9, v * 9));
      shine(canvas, pixel, lamp.colour, path * glint * (scene.time === 'night' ? 0.55 : 1.1));
    }
  });
  eachPixel(canvas, line - 0.012 * unit, line + 0.012 * unit, (_, y, pixel) =>
    lay(canvas, pixel, scene.haze, 0.45 * Math.exp(-(((y - line) / (0.005 * unit)) ** 2))),
  );
}

/** Sand in front of the water, wet at its edge, with foam. */
export function paintBeach(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const noise = createNoise(scene.seed, 71);
  const sand = scene.things.get('beach')?.[0] ?? rgb(0xe3c898);
  const lean = createRandom(scene.seed, 72).between(-0.22, 0.22);
  const edge = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const u = x / unit;
    edge[x] = height * (0.74 + lean * (x / width - 0.5)) + unit * 0.05 * noise.fractal(u * 2.2, 0.4, 3);
  }
  const foam = rgb(0xf7fafb);
  eachPixel(canvas, height * 0.55, height, (x, y, pixel) => {
    const inland = (y - edge[x]!) / unit;
    const u = x / unit;
    const v = y / unit;
    const lace = noise.ridged(u * 14, v * 22, 3);
    const swash = 0.018 * noise.fractal(u * 7, 2.2, 3);
    if (inland < swash) {
      const shallow = smoothstep(-0.16, 0.01, inland - swash);
      lay(canvas, pixel, lit(scene, mix(rgb(0x5fb8b4), sand, 0.35 + 0.4 * shallow), 0.9), 0.75 * shallow);
      for (const offset of [0, 0.055, 0.12]) {
        const crest = Math.exp(-(((inland - swash + offset) / (0.008 + 0.07 * offset)) ** 2));
        lay(
          canvas,
          pixel,
          lit(scene, foam, 1.05),
          crest * smoothstep(0.2, 0.62, lace + 0.25 * (1 - offset * 6)) * 0.9,
        );
      }
      return;
    }
    const wet = 1 - smoothstep(0, 0.07, inland - swash);
    const grain = 0.06 * noise.at(x * 0.7, y * 0.7) + 0.12 * noise.fractal(u * 9, v * 20, 4);
    const dry = lit(scene, sand, 0.95 + grain);
    lay(canvas, pixel, mix(dry, mix(scale(dry, 0.55), scene.haze, 0.25), wet), 1);
    lay(canvas, pixel, lit(scene, foam, 1), 0.85 * Math.exp(-(((inland - swash) / 0.0045) ** 2)));
  });
}

/** Grass in perspective, or snow; blades and flowers grow larger towards the viewer. */
export function paintField(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const noise = createNoise(scene.seed, 73);
  const random = createRandom(scene.seed, 74);
  const snow = scene.things.has('snow');
  const grass = snow ? rgb(0xeef2f8) : (scene.things.get('field')?.[0] ?? rgb(0x6d9a45));
  const line = height * (scene.things.has('hills') ? scene.horizon + 0.12 : scene.horizon);
  eachPixel(canvas, line, height, (x, y, pixel) => {
    const below = (y - line) / unit;
    const distance = 1 / (below + 0.04);
    const u = ((x - width / 2) / unit) * distance;
    const patches = noise.fractal(u * 0.7, distance * 1.6, 4);
    const shade = snow ? 0.95 + 0.2 * patches : 0.8 + 0.55 * patches;
    const near = lit(scene, grass, shade);
    lay(canvas, pixel, mix(near, scene.haze, 0.6 * Math.exp(-below * 11)), smoothstep(0, 0.012, below));
  });
  if (snow) return;

  const blades = Math.round(26_000 * Math.min(4, (width * (height - line)) / (unit * unit * 0.38)));
  const petals = scene.things.get('flowers');
  const kinds = petals && petals.length > 0 ? petals : PETALS;
  for (let i = 0; i < blades; i++) {
    if ((i & 1023) === 0) canvas.signal?.throwIfAborted();
    const deep = (i / blades) ** 1.25;
    const y = line + (height * 1.04 - line) * deep;
    const x = random.unit() * width;
    const size = unit * (0.003 + 0.034 * deep ** 1.5) * random.between(0.6, 1.3);
    const patches = noise.fractal((x / unit) * 5, (y / unit) * 9, 3);
    const fade = 0.55 * Math.exp(-deep * 6);
    const tone = lit(
      scene,
      mix(grass, rgb(0xd8d27a), clamp01(0.15 + 0.5 * patches)),
      random.between(0.55, 1.25),
    );
    stroke(canvas, x, y, size, random.between(-0.5, 0.5), mix(tone, scene.haze, fade));
    if (petals && random.unit() < 0.16 + 0.3 * clamp01(patches)) {
      const bed = Math.floor(
        clamp01(0.5 + noise.at((x / unit) * 2.5, (y / unit) * 6)) * kinds.length * 0.999,
      );
      const colour = random.unit() < 0.75 ? kinds[bed]! : kinds[random.below(kinds.length)]!;
      blob(
        canvas,
        x,
        y - size,
        Math.max(0.6, size * 0.2),
        mix(lit(scene, colour, random.between(0.85, 1.25)), scene.haze, fade),
      );
    }
  }
}

/** A blade: a thin stroke upwards that leans and tapers. */
function stroke(canvas: Canvas, x: number, y: number, size: number, lean: number, colour: Colour): void {
  const { width, height } = canvas;
  const thick = Math.max(0.5, size * 0.07);
  for (let step = 0; step < size; step++) {
    const share = step / size;
    const py = Math.round(y - step);
    if (py < 0 || py >= height) continue;
    const centre = x + lean * size * share * share;
    const half = thick * (1 - share) + 0.25;
    for (
      let px = Math.max(0, Math.ceil(centre - half - 0.5));
      px <= Math.min(width - 1, centre + half + 0.5);
      px++
    ) {
      const coverage = clamp01(half + 0.5 - Math.abs(px - centre));
      lay(canvas, py * width + px, scale(colour, 0.65 + 0.5 * share), coverage * 0.8);
    }
  }
}

function blob(canvas: Canvas, x: number, y: number, radius: number, colour: Colour): void {
  const { width, height } = canvas;
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(height - 1, y + radius + 1); py++) {
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(width - 1, x + radius + 1); px++) {
      const coverage = clamp01(radius + 0.5 - Math.hypot(px - x, (py - y) * 1.25));
      lay(canvas, py * width + px, scale(colour, 1.1 - (0.3 * (py - y)) / radius), coverage);
    }
  }
}

/** Banks of mist, densest around the horizon. */
export function paintFog(canvas: Canvas, scene: Scene): void {
  const { height, unit } = canvas;
  const noise = createNoise(scene.seed, 75);
  eachPixel(canvas, 0, height, (x, y, pixel) => {
    const away = Math.abs(y / height - scene.horizon) / (y < height * scene.horizon ? 0.3 : 0.2);
    const wisps = 0.5 + 0.8 * noise.fractal((x / unit) * 1.6, (y / unit) * 5, 4);
    lay(canvas, pixel, scene.haze, clamp01(0.75 * wisps) * Math.exp(-away * away));
  });
}

/** Falling flakes, near ones large and soft; none from a sky that shows its stars, none over far peaks. */
export function paintSnowfall(canvas: Canvas, scene: Scene): void {
  if (scene.time === 'night' || scene.things.has('mountains')) return;
  const { width, height, unit } = canvas;
  const random = createRandom(scene.seed, 76);
  for (let i = 0; i < 900; i++) {
    const near = random.unit() ** 5;
    const radius = unit * (0.0009 + 0.006 * near);
    const x = random.unit() * width;
    const y = random.unit() * height;
    const reach = Math.ceil(radius * 2);
    for (let py = Math.max(0, Math.floor(y) - reach); py <= Math.min(height - 1, y + reach); py++) {
      for (let px = Math.max(0, Math.floor(x) - reach); px <= Math.min(width - 1, x + reach); px++) {
        const fall = Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (radius * radius + 0.2));
        lay(canvas, py * width + px, [0.95, 0.97, 1], fall * (0.75 - 0.5 * near));
      }
    }
  }
}
