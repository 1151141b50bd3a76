/** Runs in the browser: what making a result part of a picture costs, beside what the plain way costs. */
import { DEFAULT_BLEND } from '../../../src/blend/blendSettings.ts';
import { planCrop } from '../../../src/blend/cropPlan.ts';
import { createCodec } from '../../../src/codec/bridge.ts';
import { newDocument } from '../../../src/editor/document.ts';
import { type Layer, newLayer, touchedBy } from '../../../src/editor/layer.ts';
import { type PixelRect, pixelRect } from '../../../src/geometry/rect.ts';
import { fillMask } from '../../../src/raster/invert.ts';
import { maskBounds } from '../../../src/raster/measure.ts';

/** Milliseconds. */
export interface BlendFigures {
  /** Draw a result into the picture, read all of it back, compare every pixel: a 2D canvas, in the page. */
  readonly plain: number;
  /** Register, match colours, look for spill. */
  readonly compare: number;
  readonly blend: number;
  /** Count over the whole picture what changed outside. */
  readonly verify: number;
  /** Read every pixel of the picture once. */
  readonly readOnce: number;
  readonly plan: number;
  /** A slider that moves the weights alone, and one that needs other pixels. */
  readonly feather: number;
  readonly colour: number;
  readonly gradient: number;
}

const codec = createCodec();
const { signal } = new AbortController();
const RESULT = 1024;
const made = { mode: 'edit', prompt: '', model: '', quality: null, at: 0 } as const;

/** Colour waves with a fine texture, drawn in strips: a photograph's content for a comparison, at any size. */
function drawPicture(size: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  let noise = 7;
  for (let top = 0; top < size; top += 64) {
    const strip = context.createImageData(size, Math.min(64, size - top));
    for (let i = 0, p = 0; i < strip.data.length; i += 4, p++) {
      const [x, y] = [p % size, top + Math.floor(p / size)];
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const fine = 30 * Math.sin(x / 5 + Math.sin(y / 9)) + (noise >>> 31);
      strip.data[i] = 120 + 60 * Math.sin(x / 90) + fine;
      strip.data[i + 1] = 110 + 60 * Math.cos(y / 70) + fine;
      strip.data[i + 2] = 100 + 40 * Math.sin((x + y) / 130) + fine;
      strip.data[i + 3] = 255;
    }
    context.putImageData(strip, 0, top);
  }
  return canvas;
}

async function timed<T>(work: () => T | Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
}

/** What comes back: the part that was sent, moved by 3.4 px, 0.6 % larger and a little darker, as a PNG. */
async function answerTo(sent: Blob): Promise<{ blob: Blob; canvas: OffscreenCanvas }> {
  const bitmap = await createImageBitmap(sent);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.filter = 'brightness(0.94)';
  context.drawImage(bitmap, 3.4, -2.2, bitmap.width * 1.006, bitmap.height * 1.006);
  return { blob: await canvas.convertToBlob({ type: 'image/png' }), canvas };
}

/** An engineer's first version: no alignment, no colours, the same promise. */
function plainComposite(
  picture: OffscreenCanvas,
  before: Uint32Array,
  answer: OffscreenCanvas,
  hole: PixelRect,
): number {
  const context = picture.getContext('2d')!;
  context.save();
  context.beginPath();
  context.rect(hole.x, hole.y, hole.width, hole.height);
  context.clip();
  context.drawImage(answer, hole.x - 384, hole.y - 384);
  context.restore();
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const after = new Uint32Array(data.buffer);
  let changed = 0;
  for (let i = 0; i < after.length; i++) if (after[i] !== before[i]) changed++;
  return changed;
}

function sumOf(pixels: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum = (sum + pixels[i]!) | 0;
  return sum;
}

async function measure(size: number, rounds: number): Promise<BlendFigures[]> {
  const picture = drawPicture(size);
  const file = await picture.convertToBlob({ type: 'image/png' });
  const { ref, proxy } = await codec.open(signal, file);
  proxy.close();
  const document = newDocument({ id: 'd', name: 'bench', picture: ref });
  const place = Math.round(size / 2) - 128;
  const hole = pixelRect(place, place, 256, 256);
  const asked = fillMask(hole);
  const sizes = { kind: 'fixed', values: [`${RESULT}x${RESULT}`] } as const;
  const planned = () => planCrop({ frame: document.frame, maskBounds: maskBounds(asked), sizes });
  const plan = planned();
  const sentBlob = await codec.cropForService(signal, document, plan, asked);
  const sent = codec.register(sentBlob, plan.sent);
  const answer = await answerTo(sentBlob);
  const taken = await codec.addPicture(signal, answer.blob);
  taken.proxy.close();
  const raw = taken.ref;
  const pristine = picture.getContext('2d')!.getImageData(0, 0, size, size);
  const before = new Uint32Array(pristine.data.buffer);
  const figures: BlendFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    picture.getContext('2d')!.putImageData(pristine, 0, 0);
    const [plain] = await timed(() => plainComposite(picture, before, answer.canvas, hole));
    const [planTime] = await timed(planned);
    const [compare, comparison] = await timed(() => codec.compare(signal, raw, sent, asked, plan));
    const request = { raw, plan, asked, comparison, settings: DEFAULT_BLEND, below: document };
    const [blend, pixels] = await timed(() => codec.blend(signal, request));
    const origin = {
      kind: 'result',
      raw,
      sent,
      plan,
      asked,
      comparison,
      settings: DEFAULT_BLEND,
      made,
    } as const;
    const layer: Layer = newLayer('l', pixels, origin);
    const after = { ...document, layers: [layer] };
    const touched = touchedBy([layer]);
    const [verify, changes] = await timed(() => codec.countChanges(signal, document, after, asked, touched));
    if (changes.outside !== 0) throw new Error(`${changes.outside} pixels changed outside.`);
    const [readOnce] = await timed(() => sumOf(before));
    const former = { image: pixels.image, rect: pixels.rect, settings: DEFAULT_BLEND };
    const again = (change: Partial<typeof DEFAULT_BLEND>) =>
      timed(() => codec.blend(signal, { ...request, settings: { ...DEFAULT_BLEND, ...change }, former }));
    const [feather] = await again({ feather: 20 });
    const [colour] = await again({ colour: 0.5 });
    const [gradient] = await again({ seam: 'gradient' });
    figures.push({ plain, compare, blend, verify, readOnce, plan: planTime, feather, colour, gradient });
  }
  return figures;
}

declare global {
  interface Window {
    measureBlend: typeof measure;
  }
}

window.measureBlend = measure;
