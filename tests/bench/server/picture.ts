import sharp from 'sharp';

/** A square PNG of about so many bytes: noise, which no filter makes smaller. */
export async function noisePng(bytes: number): Promise<Buffer> {
  const edge = Math.max(16, Math.round(Math.sqrt(bytes / 3)));
  return noisePngOf(edge, edge);
}

/** An opaque PNG of noise; its pixels are the same at every call. */
export async function noisePngOf(width: number, height: number): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let i = 0; i < raw.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    raw[i] = state >>> 24;
  }
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** A mask of that size as the editor sends it: white and transparent in the middle ninth, black and opaque around. */
export async function dualMask(width: number, height: number): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = Math.abs(x / width - 0.5) < 1 / 6 && Math.abs(y / height - 0.5) < 1 / 6;
      raw.writeUInt32BE(inside ? 0xffffff00 : 0x000000ff, (y * width + x) * 4);
    }
  return sharp(raw, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}
