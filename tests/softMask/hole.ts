import type { Size } from '../../src/blend/size.ts';
import { createRandom } from '../../src/fill/random.ts';

/** Where a mask lies: in the middle, at the border, over nearly all (90 %) of the picture, or in several places. */
export type HoleKind = 'centre' | 'border' | 'most' | 'several';

/** One byte per px: 255 where the service is asked to paint, 0 elsewhere. */
export function hole(kind: HoleKind, size: Size, seed: number): Uint8Array<ArrayBuffer> {
  const random = createRandom(seed, 5);
  const { width, height } = size;
  if (kind === 'most') {
    const share = Math.sqrt(0.9);
    return drawn(size, (x, y) => Math.max(Math.abs(2 * x - 1), Math.abs(2 * y - 1)) < share);
  }
  if (kind === 'border') {
    const depth = random.between(0.2, 0.4);
    return drawn(size, (x, y) => x < depth && y > 0.15 && y < 0.8);
  }
  const count = kind === 'centre' ? 1 : 4;
  const discs = Array.from({ length: count }, (_, i) => {
    const spread = kind === 'centre' ? 0.08 : 0.45;
    const radius = kind === 'centre' ? random.between(0.12, 0.25) : random.between(0.05, 0.1 + i * 0.02);
    return { x: 0.5 + random.between(-spread, spread), y: 0.5 + random.between(-spread, spread), radius };
  });
  const aspect = height / width;
  return drawn(size, (x, y) =>
    discs.some((disc) => Math.hypot(x - disc.x, (y - disc.y) * aspect) < disc.radius),
  );
}

function drawn(size: Size, inside: (x: number, y: number) => boolean): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size.width * size.height);
  for (let y = 0, i = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, i++) {
      if (inside((x + 0.5) / size.width, (y + 0.5) / size.height)) out[i] = 255;
    }
  }
  return out;
}

/** The picture as it is sent: opaque grey where something is asked for, so that nothing of the truth leaks. */
export function erased(picture: Uint8Array, asked: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(picture);
  for (let i = 0; i < asked.length; i++) if (asked[i]! > 0) out.fill(128, i * 4, i * 4 + 3);
  return out;
}
