import sharp from 'sharp';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The k-th stroke: a closed curve over most of the picture, `moves` + 1 points in picture px. */
export function strokePath(k: number, moves: number, size: number): Point[] {
  const radius = size * (0.12 + 0.012 * (k % 20));
  return Array.from({ length: moves + 1 }, (_, i) => {
    const angle = (i / moves) * 2 * Math.PI + k;
    return {
      x: size / 2 + radius * Math.cos(angle) + size * 0.05 * Math.cos(3 * angle + k),
      y: size / 2 + radius * Math.sin(2 * angle + k * 0.7),
    };
  });
}

/** Where the row through y cuts the capsule of `radius` around a–b: [from, to], or null. */
function capsuleSpan(a: Point, b: Point, radius: number, y: number): [number, number] | null {
  let from = Infinity;
  let to = -Infinity;
  const include = (x: number) => {
    from = Math.min(from, x);
    to = Math.max(to, x);
  };
  for (const centre of [a, b]) {
    const square = radius * radius - (y - centre.y) ** 2;
    if (square < 0) continue;
    include(centre.x - Math.sqrt(square));
    include(centre.x + Math.sqrt(square));
  }
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length > 0) {
    const nx = (-(b.y - a.y) / length) * radius;
    const ny = ((b.x - a.x) / length) * radius;
    // The two long sides; the short ones lie inside the end circles.
    for (const side of [-1, 1]) {
      const start = a.y + side * ny;
      const t = (y - start) / (b.y - a.y);
      if (t >= 0 && t <= 1) include(a.x + side * nx + t * (b.x - a.x));
    }
  }
  return from <= to ? [from, to] : null;
}

/** 1 where a pixel's centre lies within `radius` of one of the strokes. */
function swept(strokes: readonly (readonly Point[])[], radius: number, size: number): Uint8Array {
  const map = new Uint8Array(size * size);
  for (const points of strokes) {
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1]!;
      const b = points[i]!;
      const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius));
      const bottom = Math.min(size, Math.ceil(Math.max(a.y, b.y) + radius));
      for (let y = top; y < bottom; y++) {
        const span = capsuleSpan(a, b, radius, y + 0.5);
        if (!span) continue;
        const first = Math.max(0, Math.ceil(span[0] - 0.5));
        const end = Math.min(size, Math.floor(span[1] - 0.5) + 1);
        if (first < end) map.fill(1, y * size + first, y * size + end);
      }
    }
  }
  return map;
}

/** Width of the antialiased edge that either side of the true border may differ, picture px. */
const EDGE = 1;

/** Share of the picture's pixels whose exported alpha contradicts the geometry of the strokes, 0–1. */
export async function wrongShare(
  png: Buffer,
  strokes: readonly (readonly Point[])[],
  diameter: number,
  size: number,
): Promise<number> {
  const image = sharp(png, { limitInputPixels: false });
  const { data, info } = await image
    .ensureAlpha()
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== size || info.height !== size) return 1;
  const inside = swept(strokes, diameter / 2 - EDGE, size);
  const near = swept(strokes, diameter / 2 + EDGE, size);
  let wrong = 0;
  for (let i = 0; i < data.length; i++) {
    if ((inside[i] === 1 && data[i] !== 0) || (near[i] === 0 && data[i] !== 255)) wrong++;
  }
  return wrong / data.length;
}
