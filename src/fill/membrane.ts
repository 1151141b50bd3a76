import { KNOWN, type Level } from './level.ts';

const SWEEPS = 60;
const RELAXATION = 1.9;

/**
 * Stretches a membrane over the open pixels of a level, between the values of those beside them: Laplace's equation by
 * successive over-relaxation, as far as a few sweeps go. `values` has one number per pixel; those of pixels that are
 * neither known nor open are not read.
 */
export function stretchMembrane(level: Level, values: Float64Array): void {
  const { width, height, state, open, openStart } = level;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (state[at] !== KNOWN) continue;
    sum += values[at]!;
    count++;
  }
  const isOpen = new Uint8Array(values.length);
  for (const at of open) {
    values[at] = sum / count;
    isOpen[at] = 1;
  }
  const counts = (at: number) => state[at] === KNOWN || isOpen[at] === 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let y = 0; y < height; y++)
      for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
        const at = open[i]!;
        const x = at - y * width;
        let around = 0;
        let neighbours = 0;
        if (x > 0 && counts(at - 1)) {
          around += values[at - 1]!;
          neighbours++;
        }
        if (x < width - 1 && counts(at + 1)) {
          around += values[at + 1]!;
          neighbours++;
        }
        if (y > 0 && counts(at - width)) {
          around += values[at - width]!;
          neighbours++;
        }
        if (y < height - 1 && counts(at + width)) {
          around += values[at + width]!;
          neighbours++;
        }
        if (neighbours > 0) values[at]! += RELAXATION * (around / neighbours - values[at]!);
      }
}

/** The colours of a level with its hole drawn over by a membrane: what is seen before there is anything better. */
export function smoothOver(level: Level): Level {
  const pixels = level.pixels.slice();
  const values = new Float64Array(level.width * level.height);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < values.length; at++) values[at] = pixels[at * 4 + channel]!;
    stretchMembrane(level, values);
    for (const at of level.open)
      pixels[at * 4 + channel] = Math.min(255, Math.max(0, Math.round(values[at]!)));
  }
  return { ...level, pixels };
}
