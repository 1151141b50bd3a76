import { HOLE, KNOWN, openLevel, VOID } from '../level.ts';
import type { Kernel } from './kernel.ts';

/**
 * Makes a level from its finer one, of half the size rounded up: a pixel is the mean of its known children. It stays
 * unknown only when most of its children are: with "any child" a scribble would swallow a small picture. Returns how
 * many hole pixels there are.
 */
export const halve: Kernel = ({ memory, finer, width, pixels, state }, from, to) => {
  const fine = openLevel(memory, finer);
  let holePixels = 0;
  for (let y = from; y < to; y++) {
    const rows = Math.min(2, fine.height - 2 * y);
    for (let x = 0; x < width; x++) {
      const columns = Math.min(2, fine.width - 2 * x);
      let known = 0;
      let holes = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let texture = 0;
      for (let row = 0; row < rows; row++) {
        const start = (2 * y + row) * fine.width + 2 * x;
        for (let child = start; child < start + columns; child++) {
          if (fine.state[child] === KNOWN) {
            known++;
            red += fine.pixels[child * 4]!;
            green += fine.pixels[child * 4 + 1]!;
            blue += fine.pixels[child * 4 + 2]!;
            texture += fine.pixels[child * 4 + 3]!;
          } else if (fine.state[child] === HOLE) holes++;
        }
      }
      const at = y * width + x;
      const half = known >> 1;
      pixels[at * 4] = known > 0 ? (red + half) / known : 0;
      pixels[at * 4 + 1] = known > 0 ? (green + half) / known : 0;
      pixels[at * 4 + 2] = known > 0 ? (blue + half) / known : 0;
      pixels[at * 4 + 3] = known > 0 ? (texture + half) / known : 0;
      state[at] = known * 2 >= rows * columns ? KNOWN : holes > 0 ? HOLE : VOID;
      if (state[at] === HOLE) holePixels++;
    }
  }
  return holePixels;
};
