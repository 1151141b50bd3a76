/** Knowledge about a pixel: may be copied from; is to be filled; transparent, neither read nor written. */
export const KNOWN = 0;
export const HOLE = 1;
export const VOID = 2;

/** One size of a picture pyramid. */
export interface Level {
  readonly width: number;
  readonly height: number;
  /** R, G, B, texture feature: 4 bytes per pixel. Meaningless where nothing is known or voted yet. */
  readonly pixels: Uint8Array;
  /** KNOWN, HOLE or VOID per pixel. */
  readonly state: Uint8Array;
}

/**
 * Half the size, rounded up; a pixel is the mean of its known children. It stays unknown only when most of its
 * children are: with "any child" a scribble would swallow a small picture.
 */
export function halve(level: Level): Level {
  const width = (level.width + 1) >> 1;
  const height = (level.height + 1) >> 1;
  const pixels = new Uint8Array(width * height * 4);
  const state = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = Math.min(2, level.height - 2 * y);
    for (let x = 0; x < width; x++) {
      const columns = Math.min(2, level.width - 2 * x);
      let known = 0;
      let holes = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let texture = 0;
      for (let row = 0; row < rows; row++) {
        const start = (2 * y + row) * level.width + 2 * x;
        for (let child = start; child < start + columns; child++) {
          const childState = level.state[child]!;
          if (childState === KNOWN) {
            known++;
            red += level.pixels[child * 4]!;
            green += level.pixels[child * 4 + 1]!;
            blue += level.pixels[child * 4 + 2]!;
            texture += level.pixels[child * 4 + 3]!;
          } else if (childState === HOLE) holes++;
        }
      }
      const at = y * width + x;
      if (known > 0) {
        const half = known >> 1;
        pixels[at * 4] = (red + half) / known;
        pixels[at * 4 + 1] = (green + half) / known;
        pixels[at * 4 + 2] = (blue + half) / known;
        pixels[at * 4 + 3] = (texture + half) / known;
      }
      if (known * 2 < rows * columns) state[at] = holes > 0 ? HOLE : VOID;
    }
  }
  return { width, height, pixels, state };
}
