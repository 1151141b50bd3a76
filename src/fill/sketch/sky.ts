import { createRandom } from '../random.ts';
import { type Canvas, eachPixel, lay, shine } from './canvas.ts';
import { along, type Colour, clamp01, mix, rgb, scale, smoothstep } from './colour.ts';
import { createNoise } from './noise.ts';
import type { Scene } from './scene.ts';

const WHITE: Colour = [1, 1, 1];

/** Gradient from zenith to horizon, warmed around the sun or moon. Covers the whole canvas. */
export function paintSky(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const { lamp, sky, horizon } = scene;
  const noise = createNoise(scene.seed, 2);
  const glow = scene.lamp.seen ? 1 : 0.45;
  const low = scene.time === 'sunset' || scene.time === 'dawn';
  eachPixel(canvas, 0, height, (x, y, pixel) => {
    const drift = 0.03 * noise.at((x / unit) * 1.3, (y / unit) * 3);
    const share = clamp01((y / height / horizon) * (1 + drift));
    lay(canvas, pixel, along(sky, share ** 1.15), 1);
    const dx = (x - lamp.x * width) / unit;
    const dy = (y - lamp.y * height) / unit;
    const distance = Math.sqrt(dx * dx + (low ? 2.6 : 1) * dy * dy);
    const wide = Math.exp(-distance * 3.4) * (scene.time === 'night' ? 0.1 : low ? 0.5 : 0.28);
    shine(canvas, pixel, lamp.colour, glow * (wide + (lamp.seen ? 0.35 * Math.exp(-distance * 16) : 0)));
  });
}

/** The disc of the sun, or the moon with its seas. */
export function paintLamp(canvas: Canvas, scene: Scene): void {
  const { lamp } = scene;
  if (!lamp.seen) return;
  const { width, height, unit } = canvas;
  const moon = scene.time === 'night' || (scene.things.has('moon') && !scene.things.has('sun'));
  const radius = unit * (moon ? 0.045 : 0.038);
  const noise = createNoise(scene.seed, 3);
  const centreX = lamp.x * width;
  const centreY = lamp.y * height;
  eachPixel(canvas, centreY - radius - 1, centreY + radius + 2, (x, y, pixel) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    const coverage = clamp01((1 - Math.sqrt(dx * dx + dy * dy)) * radius + 0.5);
    if (coverage === 0) return;
    const seas = moon ? 0.8 + 0.35 * noise.fractal(dx * 1.4, dy * 1.4, 4) : 1.7;
    lay(canvas, pixel, scale(moon ? lamp.colour : mix(lamp.colour, WHITE, 0.2), seas), coverage);
  });
}

/** Stars with a power law of brightness and, faintly, the milky way. */
export function paintStars(canvas: Canvas, scene: Scene): void {
  const { width, height, unit, light } = canvas;
  const random = createRandom(scene.seed, 4);
  const noise = createNoise(scene.seed, 5);
  const angle = random.between(0.5, 1.1);
  const bandAt = (x: number, y: number) => {
    const across = (x / unit - 0.55) * Math.sin(angle) - (y / unit - 0.35) * Math.cos(angle);
    return Math.exp(-((across / 0.13) ** 2));
  };
  eachPixel(canvas, 0, height * scene.horizon, (x, y, pixel) => {
    const band = bandAt(x, y);
    if (band < 0.01) return;
    const dust = clamp01(0.55 + 0.9 * noise.fractal((x / unit) * 5, (y / unit) * 5, 5));
    shine(canvas, pixel, [0.075, 0.085, 0.13], band * dust * 0.8);
  });
  const count = Math.round(1800 * ((width * height) / (unit * unit)));
  for (let i = 0; i < count; i++) {
    const x = random.unit() * width;
    const y = random.unit() * height * scene.horizon;
    if (random.unit() > 0.5 + 0.5 * bandAt(x, y)) continue;
    const strength = 0.06 + 0.9 * random.unit() ** 7;
    const tint = random.unit();
    const colour: Colour = [0.8 + 0.2 * tint, 0.88, 1.15 - 0.3 * tint];
    const spread = unit * (0.0007 + 0.0011 * strength);
    const reach = Math.max(1, Math.ceil(spread * 3));
    for (let py = Math.max(0, Math.floor(y) - reach); py <= Math.min(height - 1, y + reach); py++) {
      for (let px = Math.max(0, Math.floor(x) - reach); px <= Math.min(width - 1, x + reach); px++) {
        const fall = Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (2 * spread * spread + 0.3));
        const at = (py * width + px) * 3;
        for (let channel = 0; channel < 3; channel++)
          light[at + channel]! += colour[channel]! * strength * fall;
      }
    }
  }
}

/** Curtains of northern light: columns that fade upwards from a wandering lower edge. */
export function paintAurora(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const noise = createNoise(scene.seed, 6);
  const colours = scene.things.get('aurora') ?? [];
  const low = colours[0] ?? rgb(0x4be39a);
  const high = colours[1] ?? rgb(0x7a5bd6);
  for (let curtain = 0; curtain < 3; curtain++) {
    const edge = new Float32Array(width);
    const rays = new Float32Array(width);
    for (let x = 0; x < width; x++) {
      const u = x / unit;
      edge[x] =
        height * scene.horizon * (0.62 - 0.13 * curtain + 0.3 * noise.fractal(u * 1.1, curtain * 9.7, 3));
      const fold = u * 6 + 1.8 * noise.at(u * 2, curtain * 5.1);
      rays[x] =
        clamp01(0.5 + 0.75 * noise.fractal(fold, curtain * 3.3, 3)) * (0.8 + 0.4 * noise.at(u * 42, curtain));
    }
    eachPixel(canvas, 0, height * scene.horizon, (x, y, pixel) => {
      const above = (edge[x]! - y) / unit;
      const fade = above > 0 ? Math.exp(-above * 5.5) : Math.exp(above * 60);
      const strength = 0.5 * rays[x]! * fade;
      if (strength > 0.003) shine(canvas, pixel, mix(low, high, smoothstep(0.02, 0.3, above)), strength);
    });
  }
}

/** Fractal clouds on a ceiling seen in perspective, lit from the side of the sun. */
export function paintClouds(canvas: Canvas, scene: Scene): void {
  const { width, height, unit } = canvas;
  const { lamp, horizon, time } = scene;
  const noise = createNoise(scene.seed, 7);
  const random = createRandom(scene.seed, 8);
  const cover = time === 'overcast' ? 0.32 : random.between(-0.02, 0.12);
  const said = scene.things.get('clouds')?.[0];
  const lit = said ?? mix(scale(lamp.colour, 1.08), WHITE, time === 'day' ? 0.75 : 0.15);
  const dark = mix(scene.sky[0]!, scene.sky[scene.sky.length - 1]!, time === 'overcast' ? 0.35 : 0.55);
  const shade = said ? mix(scale(said, 0.5), dark, 0.4) : scale(dark, time === 'overcast' ? 0.75 : 0.95);
  const strength = time === 'night' ? 0.5 : 0.95;
  const density = (u: number, v: number) => {
    const warpX = 0.25 * noise.at(u * 0.9 + 5.2, v * 0.9);
    const warpY = 0.25 * noise.at(u * 0.9, v * 0.9 + 3.1);
    const billows =
      Math.abs(noise.at(u * 3.1 + 4 * warpX, v * 3.1)) +
      0.5 * Math.abs(noise.at(u * 6.7, v * 6.7 + 4 * warpY));
    return noise.fractal(u + warpX, v + warpY, 6) + 0.16 * billows - 0.07;
  };
  eachPixel(canvas, 0, height * horizon, (x, y, pixel) => {
    const elevation = (height * horizon - y) / unit;
    const depth = 1.6 / (elevation + 0.28);
    const u = ((x - width / 2) / unit) * depth + 40;
    const v = depth * 1.05;
    const here = density(u, v);
    const coverage = smoothstep(0.02, 0.26, here + cover) * smoothstep(0, 0.07, elevation);
    if (coverage <= 0.004) return;
    const toLampX = lamp.x - x / width;
    const toLampY = (lamp.y - y / height) * 0.6;
    const length = Math.hypot(toLampX, toLampY) + 0.05;
    const towards = noise.fractal(u + (0.22 * toLampX) / length, v - (0.22 * toLampY) / length, 3);
    const bright = clamp01(0.62 + 1.5 * (here * 0.75 - towards) - 0.45 * here);
    const thin = Math.exp(-Math.hypot(toLampX, toLampY) * 5) * (1 - coverage) * 0.6;
    const colour = mix(shade, lit, clamp01(bright + thin));
    lay(canvas, pixel, mix(colour, scene.haze, 0.65 * Math.exp(-elevation * 9)), coverage * strength);
  });
}
