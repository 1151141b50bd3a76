import sharp from 'sharp';

/** A decoded picture: straight RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draws by a function of the pixel; channels 0–255, straight alpha. */
export function draw(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number, number],
): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) data.set(colour(x, y), at);
  }
  return { width, height, data };
}

/** Stripes, a gradient and one mark in each corner's own colour: no two orientations of it look alike. */
export const landscape = (width: number, height: number): Pixels =>
  draw(width, height, (x, y) => {
    const corner = Math.min(width, height) >> 3;
    if (x < corner && y < corner) return [220, 30, 30, 255];
    if (x >= width - corner && y < corner) return [30, 200, 40, 255];
    if (x < corner && y >= height - corner) return [40, 60, 230, 255];
    const stripe = Math.floor(x / 9 + y / 14) & 1 ? 24 : 0;
    return [
      40 + Math.round((x / width) * 150) + stripe,
      90 + Math.round((y / height) * 120),
      200 - Math.round((x / width) * 90) - stripe,
      255,
    ];
  });

/** As above with an alpha of every value and colour that survives under alpha 0. */
export const translucent = (width: number, height: number): Pixels =>
  draw(width, height, (x, y) => [
    (x * 5 + y) & 255,
    (x + y * 3) & 255,
    (x * y) & 255,
    Math.min(255, Math.round((x / (width - 1)) * 300)),
  ]);

const raw = ({ data, width, height }: Pixels) =>
  sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { raw: { width, height, channels: 4 } });

export const pngOf = (pixels: Pixels): Promise<Buffer> => raw(pixels).png({ compressionLevel: 1 }).toBuffer();

/** A JPEG whose EXIF orientation (1–8) says how to turn it upright. */
export const jpegOf = (pixels: Pixels, orientation = 1): Promise<Buffer> =>
  raw(pixels)
    .removeAlpha()
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();

/** Decodes without turning or converting colour. */
export async function decode(file: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(file, { limitInputPixels: false })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** How many pixels differ in any of their four bytes, among those that `counts` names by their index. */
export function changedPixels(a: Pixels, b: Pixels, counts: (index: number) => boolean = () => true): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('Pictures of different sizes');
  const left = new Uint32Array(a.data.buffer.slice(a.data.byteOffset, a.data.byteOffset + a.data.byteLength));
  const right = new Uint32Array(
    b.data.buffer.slice(b.data.byteOffset, b.data.byteOffset + b.data.byteLength),
  );
  let changed = 0;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i] && counts(i)) changed++;
  return changed;
}
