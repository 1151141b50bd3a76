import { createRandom, xorshift } from '../random.ts';
import { type Canvas, eachPixel } from './canvas.ts';
import { clamp01, smoothstep } from './colour.ts';
import { createNoise } from './noise.ts';
import type { Style } from './vocabulary.ts';

/** Bright light is bent over from here so that it keeps its colour instead of clipping. */
const SHOULDER = 0.75;
const GRAIN = 3;

function toScreen(light: number): number {
  const bent =
    light <= SHOULDER ? light : 1 - (1 - SHOULDER) * Math.exp(-(light - SHOULDER) / (1 - SHOULDER));
  const value = Math.max(0, bent);
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

const SCREEN = Float32Array.from({ length: 4097 }, (_, i) => 255 * toScreen((i / 4096) * 2));

/** Linear light → opaque straight RGBA in sRGB, with the styles applied and a little grain against banding. */
export function develop(canvas: Canvas, styles: ReadonlySet<Style>, seed: number): Uint8Array<ArrayBuffer> {
  const { width, height, light } = canvas;
  const screen = new Float32Array(light.length);
  for (let i = 0; i < light.length; i++)
    screen[i] = SCREEN[Math.min(4096, Math.max(0, light[i]! * 2048)) | 0]!;
  if (styles.has('minimal')) flatten(canvas, screen, seed);
  if (styles.has('watercolour')) paintWash(canvas, screen, seed);
  if (styles.has('pencil')) drawPencil(canvas, screen, seed);
  else if (styles.has('monochrome')) removeColour(screen);

  const rgba = new Uint8Array(width * height * 4);
  const grain = styles.has('minimal') ? 0.6 : GRAIN;
  let state = 0x1234567 ^ seed || 1;
  for (let pixel = 0; pixel < width * height; pixel++) {
    state = xorshift(state);
    const speck = grain * ((state & 255) / 255 + ((state >>> 8) & 255) / 255 - 1);
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = Math.min(255, Math.max(0, screen[pixel * 3 + channel]! + speck + 0.5));
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}

const lumaAt = (screen: Float32Array, pixel: number) =>
  0.299 * screen[pixel * 3]! + 0.587 * screen[pixel * 3 + 1]! + 0.114 * screen[pixel * 3 + 2]!;

function removeColour(screen: Float32Array): void {
  for (let pixel = 0; pixel * 3 < screen.length; pixel++) {
    const grey = lumaAt(screen, pixel);
    screen.fill((grey - 128) * 1.1 + 128, pixel * 3, pixel * 3 + 3);
  }
}

/** Mean over a square window, separable, `radius` px; a cheap blur. */
function blur(screen: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(screen.length);
  const result = new Float32Array(screen.length);
  const run = (from: Float32Array, to: Float32Array, start: number, step: number, count: number) => {
    let sum = 0;
    const at = (i: number) => from[start + Math.min(count - 1, Math.max(0, i)) * step]!;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < count; i++) {
      to[start + i * step] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
  };
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) run(screen, across, y * width * 3 + channel, 3, width);
    for (let x = 0; x < width; x++) run(across, result, x * 3 + channel, width * 3, height);
  }
  return result;
}

/** Few, even tones with clean edges. */
function flatten(canvas: Canvas, screen: Float32Array, seed: number): void {
  const { width, height, unit } = canvas;
  const soft = blur(
    blur(screen, width, height, Math.max(1, Math.round(unit / 90))),
    width,
    height,
    Math.max(1, Math.round(unit / 140)),
  );
  const levels = 5 + createRandom(seed, 95).below(2);
  const step = 255 / levels;
  for (let pixel = 0; pixel * 3 < screen.length; pixel++) {
    const luma = Math.max(1, lumaAt(soft, pixel));
    const place = luma / step;
    const tone = (Math.floor(place) + smoothstep(0.46, 0.54, place % 1)) * step + step * 0.2;
    for (let channel = 0; channel < 3; channel++) {
      const value = (soft[pixel * 3 + channel]! * tone) / luma;
      screen[pixel * 3 + channel] = value + (255 - value) * 0.06;
    }
  }
}

/** Wet edges, granulating pigment, paper that shows through and a ragged white border. */
function paintWash(canvas: Canvas, screen: Float32Array, seed: number): void {
  const { width, height, unit } = canvas;
  const noise = createNoise(seed, 96);
  const radius = Math.max(1, Math.round(unit / 220));
  const soft = blur(blur(screen, width, height, radius), width, height, radius);
  const source = soft.slice();
  const wide = blur(source, width, height, radius * 3);
  eachPixel(canvas, 0, height, (x, y, pixel) => {
    const u = x / unit;
    const v = y / unit;
    const flow = unit * 0.012;
    const sx = Math.min(width - 1, Math.max(0, Math.round(x + flow * noise.fractal(u * 9, v * 9, 3))));
    const sy = Math.min(height - 1, Math.max(0, Math.round(y + flow * noise.fractal(u * 9 + 9, v * 9, 3))));
    const from = sy * width + sx;
    const rim = Math.abs(lumaAt(wide, from) - lumaAt(source, from)) / 255;
    const pigment =
      1 + 0.28 * noise.fractal(u * 3, v * 3, 4) + 0.1 * noise.at(x * 0.45, y * 0.45) + 1.6 * rim;
    const border = Math.min(x, width - 1 - x, y, height - 1 - y) / unit;
    const paint = smoothstep(0.018, 0.034, border + 0.02 * noise.fractal(u * 8, v * 8, 3));
    const paper = 250 + 3 * noise.at(x * 0.6, y * 0.6);
    for (let channel = 0; channel < 3; channel++) {
      const absorbed = (paper - source[from * 3 + channel]!) * 0.86 * pigment;
      screen[pixel * 3 + channel] = paper - (channel === 2 ? 6 : 0) - absorbed * paint;
    }
  });
}

/** Outlines from the gradient, tone from two directions of hatching, on paper. */
function drawPencil(canvas: Canvas, screen: Float32Array, seed: number): void {
  const { width, height, unit } = canvas;
  const noise = createNoise(seed, 97);
  const radius = Math.max(1, Math.round(unit / 600));
  const soft = blur(blur(screen, width, height, radius), width, height, radius);
  const pitch = Math.max(3, unit / 210);
  eachPixel(canvas, 0, height, (x, y, pixel) => {
    const right = y * width + Math.min(width - 1, x + radius);
    const below = Math.min(height - 1, y + radius) * width + x;
    const here = lumaAt(soft, pixel);
    const edge = smoothstep(
      2,
      26,
      Math.abs(lumaAt(soft, right) - here) + Math.abs(lumaAt(soft, below) - here),
    );
    const wobble = 0.9 * noise.at(x / (pitch * 14), y / (pitch * 14));
    const hatch = 0.5 + 0.5 * Math.sin(((x + y) / pitch + wobble) * Math.PI);
    const cross = 0.5 + 0.5 * Math.sin(((x - y * 0.8) / pitch + wobble) * Math.PI);
    const dark = clamp01(1 - here / 235);
    const tone = hatch * smoothstep(0.2, 0.95, dark) * 0.7 + cross * smoothstep(0.5, 1, dark) * 0.6;
    const tooth = 0.72 + 0.5 * noise.fractal(x * 0.55, y * 0.55, 2);
    const graphite = clamp01((edge * 0.8 + tone) * tooth + 0.18 * dark);
    const value = 247 - 205 * graphite;
    screen[pixel * 3] = value + 1;
    screen[pixel * 3 + 1] = value;
    screen[pixel * 3 + 2] = value - 4;
  });
}
