import { randomFrom } from '../../drawnScene.ts';

export const MASKS = ['scribble', 'blob', 'hole', 'outpaint-right', 'outpaint-all'] as const;
export type MaskName = (typeof MASKS)[number];

/** 1 = hole, per pixel. The same seed draws the same shape at every size. */
export function drawMask(name: MaskName, width: number, height: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  if (name === 'scribble') return scribble(width, height, random);
  // A few slow waves around a circle; the hole's are so weak that it is nearly convex.
  if (name === 'blob') return roundish(width, height, 0.1, { waves: 6, strength: 0.3, wander: 0.25 }, random);
  if (name === 'hole')
    return roundish(width, height, 0.25, { waves: 4, strength: 0.08, wander: 0.06 }, random);
  const hole = new Uint8Array(width * height);
  const right = name === 'outpaint-right' ? 0.25 : 0;
  const margin = () => (name === 'outpaint-right' ? 0 : 0.08 + 0.045 * random());
  const left = Math.round(margin() * width);
  const top = Math.round(margin() * height);
  const end = width - Math.round((right || margin()) * width);
  const bottom = height - Math.round(margin() * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x < left || x >= end || y < top || y >= bottom) hole[y * width + x] = 1;
  return hole;
}

/** Strokes that turn slowly, each 4 % of the short side thick, until 3 % of the picture are covered. */
function scribble(width: number, height: number, random: () => number): Uint8Array {
  const hole = new Uint8Array(width * height);
  const short = Math.min(width, height);
  const radius = 0.02 * short;
  const step = 0.005 * short;
  let covered = 0;
  const stamp = (cx: number, cy: number) => {
    for (let y = Math.max(0, Math.ceil(cy - radius)); y <= Math.min(height - 1, cy + radius); y++)
      for (let x = Math.max(0, Math.ceil(cx - radius)); x <= Math.min(width - 1, cx + radius); x++)
        if (hole[y * width + x] === 0 && (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2) {
          hole[y * width + x] = 1;
          covered++;
        }
  };
  while (covered < 0.03 * hole.length) {
    let [x, y] = [width * (0.1 + 0.8 * random()), height * (0.1 + 0.8 * random())];
    let heading = 2 * Math.PI * random();
    let turn = 0;
    const steps = 60 + Math.floor(60 * random());
    for (let i = 0; i < steps && covered < 0.03 * hole.length; i++) {
      stamp(x, y);
      turn = 0.9 * turn + 0.06 * (random() - 0.5);
      heading += turn;
      x += step * Math.cos(heading);
      y += step * Math.sin(heading);
    }
  }
  return hole;
}

interface Shape {
  readonly waves: number;
  /** Of the waves, as a share of the radius. */
  readonly strength: number;
  /** How far the middle lies from the picture's, at most, as a share of each side. */
  readonly wander: number;
}

/** One closed shape of that share of the picture's area. */
function roundish(width: number, height: number, share: number, shape: Shape, random: () => number) {
  const cx = width * (0.5 + shape.wander * (2 * random() - 1));
  const cy = height * (0.5 + shape.wander * (2 * random() - 1));
  const stretch = 0.8 + 0.5 * random();
  const waves = Array.from({ length: shape.waves - 1 }, (_, i) => ({
    times: i + 2,
    phase: 2 * Math.PI * random(),
    height: (shape.strength * (0.4 + 0.6 * random())) / Math.sqrt(i + 1),
  }));
  /** The radius at which each pixel's distance would lie on the outline, in pixels. */
  const distances = new Float64Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const [dx, dy] = [(x + 0.5 - cx) / stretch, (y + 0.5 - cy) * stretch];
      const angle = Math.atan2(dy, dx);
      const outline = waves.reduce(
        (sum, wave) => sum + wave.height * Math.cos(wave.times * angle + wave.phase),
        1,
      );
      distances[at] = Math.hypot(dx, dy) / Math.max(0.15, outline);
    }
  const radius = distances.slice().sort()[Math.floor(share * distances.length)]!;
  return Uint8Array.from(distances, (distance) => (distance < radius ? 1 : 0));
}
