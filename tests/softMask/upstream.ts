import sharp from 'sharp';
import type { Size } from '../../src/blend/size.ts';
import { sendJson, type Upstream, type UpstreamCall } from '../server/support.ts';
import { type Distortion, FAITHFUL, softMaskReply } from './softMaskModel.ts';

/** How the service of a test behaves. */
export interface Temper {
  /** What it does to the picture beside what it was asked for; nothing by default. */
  readonly distortion?: Distortion;
  /** Opaque RGBA of that size, used in the hole; `field` by default. */
  readonly content?: (size: Size, call: UpstreamCall) => Uint8Array;
}

/**
 * Smooth colours with rings, bright and saturated: nothing that a test's own pictures show, and never twice the same
 * colour side by side, so that a copied or missing row is seen.
 */
function field({ width, height }: Size): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const ring = Math.sin(Math.hypot(x - width / 2, y - height / 2) / 6) * 30;
      out[at] = 215 + ring;
      out[at + 1] = 60 + (80 * x) / width - ring;
      out[at + 2] = 150 + (60 * y) / height;
      out[at + 3] = 255;
    }
  }
  return out;
}

/** Makes an upstream answer edits as a model does that takes its mask as a hint. Each answer holds n pictures. */
export function playSoftMask(
  upstream: Upstream,
  { distortion = FAITHFUL, content = field }: Temper = {},
): void {
  upstream.answer = async (call, response) => {
    const picture = await rgba(call.files['image']!.data);
    const asked = await holeOf(call, picture.size);
    const painted = content(picture.size, call);
    const pictures: { readonly b64_json: string }[] = [];
    for (let k = 0; k < Number(call.fields['n'] ?? 1); k++) {
      const own = { ...distortion, seed: distortion.seed + k };
      const reply = softMaskReply(picture.data, asked, picture.size, painted, own);
      pictures.push({ b64_json: await pngText(reply, picture.size, String(call.fields['size'])) });
    }
    sendJson(response, 200, { created: 1, data: pictures });
  };
}

async function rgba(file: Buffer): Promise<{ readonly data: Uint8Array; readonly size: Size }> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, size: { width: info.width, height: info.height } };
}

/** 255 where the mask is transparent, or everywhere without one. */
async function holeOf(call: UpstreamCall, size: Size): Promise<Uint8Array> {
  const out = new Uint8Array(size.width * size.height).fill(255);
  const file = call.files['mask'];
  if (!file) return out;
  const mask = await rgba(file.data);
  if (mask.size.width !== size.width || mask.size.height !== size.height) {
    throw new Error('The mask is not of the size of its picture.');
  }
  return out.map((_, i) => (mask.data[i * 4 + 3] === 0 ? 255 : 0));
}

async function pngText(pixels: Uint8Array, { width, height }: Size, asked: string): Promise<string> {
  const picture = sharp(pixels, { raw: { width, height, channels: 4 } });
  const [toWidth = width, toHeight = height] = asked.split('x').map(Number);
  if (toWidth !== width || toHeight !== height) picture.resize(toWidth, toHeight, { fit: 'fill' });
  return (await picture.png({ compressionLevel: 1 }).toBuffer()).toString('base64');
}
