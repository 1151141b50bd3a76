import type { FillHooks } from './hooks.ts';
import type { Picture } from './picture.ts';
import { mixSeed } from './random.ts';
import { paintAbstract } from './sketch/abstract.ts';
import { type Canvas, createCanvas, eachPixel } from './sketch/canvas.ts';
import { mix } from './sketch/colour.ts';
import { develop } from './sketch/develop.ts';
import { paintBeach, paintField, paintFog, paintSnowfall, paintWater } from './sketch/ground.ts';
import { paintCity, paintDesert, paintForest, paintHills, paintMountains } from './sketch/land.ts';
import { readPrompt } from './sketch/readPrompt.ts';
import { planScene, type Scene } from './sketch/scene.ts';
import { paintAurora, paintClouds, paintLamp, paintSky, paintStars } from './sketch/sky.ts';
import type { Thing } from './sketch/vocabulary.ts';

export interface GenerateRequest extends Pick<Picture, 'width' | 'height'> {
  readonly prompt: string;
  readonly seed: number;
}

export interface GeneratedPicture {
  /** Straight RGBA, opaque. */
  readonly rgba: Uint8Array<ArrayBuffer>;
  /** Words of the prompt that shaped the picture, and those that are not understood. Lower case. */
  readonly used: readonly string[];
  readonly ignored: readonly string[];
}

type Painter = (canvas: Canvas, scene: Scene) => void;

/** From far to near; a painter works when one of its things is in the scene. */
const LAYERS: readonly (readonly [Painter, readonly Thing[] | 'always'])[] = [
  [paintSky, 'always'],
  [paintStars, ['stars']],
  [paintAurora, ['aurora']],
  [paintLamp, 'always'],
  [paintClouds, ['clouds']],
  [paintMountains, ['mountains']],
  [paintHills, ['hills']],
  [paintDesert, ['desert']],
  [paintForest, ['forest']],
  [paintCity, ['city']],
  [paintWater, ['water']],
  [paintBeach, ['beach']],
  [paintField, ['field']],
  [paintFog, ['fog']],
  [paintSnowfall, ['snow']],
];

/** Sides of the squares, in px, in which a picture without layers shows itself before it is painted. */
const MOSAICS = [16, 4];

/**
 * Sketches a picture from the colour, scene and style words of a prompt: procedural, not a model's. The same prompt,
 * size and seed give the same bytes.
 */
export function generatePicture(request: GenerateRequest, hooks: FillHooks = {}): GeneratedPicture {
  const wish = readPrompt(request.prompt);
  const seed = mixSeed(
    request.seed,
    ...Array.from(request.prompt.trim(), (letter) => letter.codePointAt(0)!),
  );
  const scene = planScene(wish, seed);
  const canvas = createCanvas(request.width, request.height, hooks.signal);
  if (scene.things.has('abstract')) {
    const colours = [...(scene.things.get('abstract') ?? []), ...wish.colours];
    const paint = (target: Canvas) => paintAbstract(target, colours, seed);
    MOSAICS.forEach((step, index) => {
      const mosaic = () => develop(paintMosaic(canvas, step, paint), wish.styles, seed);
      hooks.stage?.(index, MOSAICS.length, mosaic);
    });
    paint(canvas);
  } else {
    const painters = LAYERS.filter(
      ([, things]) => things === 'always' || things.some((thing) => scene.things.has(thing)),
    );
    const sketch = () => {
      const copy = { ...canvas, light: canvas.light.slice() };
      tint(copy, wish.colours);
      return develop(copy, wish.styles, seed);
    };
    painters.forEach(([paint], index) => {
      paint(canvas, scene);
      if (index < painters.length - 1) hooks.stage?.(index, painters.length - 1, sketch);
      hooks.progress?.((index + 1) / (painters.length + 1));
    });
    tint(canvas, wish.colours);
  }
  const rgba = develop(canvas, wish.styles, seed);
  hooks.progress?.(1);
  return { rgba, used: wish.used, ignored: wish.ignored };
}

/** The same picture in squares of `step` px. */
function paintMosaic(canvas: Canvas, step: number, paint: (target: Canvas) => void): Canvas {
  const { width, height, signal } = canvas;
  const small = createCanvas(Math.ceil(width / step), Math.ceil(height / step), signal);
  paint(small);
  const large = createCanvas(width, height, signal);
  eachPixel(large, 0, height, (x, y, pixel) => {
    const from = (Math.floor(y / step) * small.width + Math.floor(x / step)) * 3;
    large.light.set(small.light.subarray(from, from + 3), pixel * 3);
  });
  return large;
}

/** Colours that were said of nothing in particular lie over the whole picture, lightly. */
function tint(canvas: Canvas, colours: Scene['sky']): void {
  if (colours.length === 0) return;
  const sum = colours.reduce((mean, colour, index) => mix(mean, colour, 1 / (index + 1)));
  const { light } = canvas;
  for (let at = 0; at < light.length; at += 3) {
    const grey = (light[at]! + light[at + 1]! + light[at + 2]!) / 3;
    for (let channel = 0; channel < 3; channel++) {
      light[at + channel]! += 0.28 * (grey * (0.35 + 1.3 * sum[channel]!) - light[at + channel]!);
    }
  }
}
