import { createPlanes, type Planes } from './planes.ts';

const EDGE = 8;

/** Row u holds the cosine of frequency u, orthonormal. */
const cosines = Float32Array.from({ length: EDGE * EDGE }, (_, i) => {
  const u = Math.floor(i / EDGE);
  const norm = Math.sqrt((u === 0 ? 1 : 2) / EDGE);
  return norm * Math.cos(((2 * (i % EDGE) + 1) * u * Math.PI) / (2 * EDGE));
});

/**
 * What JPEG loses: luma and colour differences, each block of 8 × 8 through a cosine transform and rounded, coarser for
 * higher frequencies and twice as coarse for colour. Without the entropy coding, which loses nothing.
 * @param step of the lowest frequency of luma, in levels: about 2 is quality 90, 4 is 80, 8 is 60
 */
export function blockLoss({ size, channels: [red, green, blue] }: Planes, step: number): Planes {
  const out = createPlanes(size);
  const [y, cb, cr] = out.channels;
  for (let i = 0; i < y.length; i++) {
    const luma = 0.299 * red[i]! + 0.587 * green[i]! + 0.114 * blue[i]!;
    y[i] = luma;
    cb[i] = (blue[i]! - luma) / 1.772;
    cr[i] = (red[i]! - luma) / 1.402;
  }
  for (const [c, channel] of out.channels.entries()) {
    for (let top = 0; top < size.height; top += EDGE) {
      for (let left = 0; left < size.width; left += EDGE) {
        roundBlock(channel, size, left, top, c === 0 ? step : 2 * step);
      }
    }
  }
  for (let i = 0; i < y.length; i++) {
    const [luma, toBlue, toRed] = [y[i]!, 1.772 * cb[i]!, 1.402 * cr[i]!];
    y[i] = luma + toRed;
    cb[i] = luma - (0.299 * toRed + 0.114 * toBlue) / 0.587;
    cr[i] = luma + toBlue;
  }
  return out;
}

const block = new Float32Array(EDGE * EDGE);
const half = new Float32Array(EDGE * EDGE);

function roundBlock(
  channel: Float32Array,
  { width, height }: Planes['size'],
  left: number,
  top: number,
  step: number,
): void {
  for (let i = 0; i < block.length; i++) {
    const x = Math.min(width - 1, left + (i % EDGE));
    const y = Math.min(height - 1, top + (i >> 3));
    block[i] = channel[y * width + x]!;
  }
  turn(block, half, false);
  turn(half, block, false);
  for (let i = 0; i < block.length; i++) {
    const own = step * (1 + ((i % EDGE) + (i >> 3)) / 2);
    block[i] = Math.round(block[i]! / own) * own;
  }
  turn(block, half, true);
  turn(half, block, true);
  for (let i = 0; i < block.length; i++) {
    const x = left + (i % EDGE);
    const y = top + (i >> 3);
    if (x < width && y < height) channel[y * width + x] = block[i]!;
  }
}

/** Transforms each row and writes it as a column: twice gives both directions. */
function turn(from: Float32Array, to: Float32Array, back: boolean): void {
  for (let row = 0; row < EDGE; row++) {
    for (let u = 0; u < EDGE; u++) {
      let sum = 0;
      for (let k = 0; k < EDGE; k++) {
        sum += from[row * EDGE + k]! * cosines[back ? k * EDGE + u : u * EDGE + k]!;
      }
      to[u * EDGE + row] = sum;
    }
  }
}
