import { HOLE, KNOWN, type Level } from './level.ts';

const CHANNELS = 3;

interface Pull {
  readonly width: number;
  readonly height: number;
  readonly colours: Float32Array;
  /** 1 where something of a pixel is known. */
  readonly told: Uint8Array;
}

/**
 * The colours of a level with its hole smoothly drawn over: what is seen before there is anything better. Pull-push
 * (Gortler et al. 1996, "The Lumigraph"): smaller and smaller pictures of what is known, until one has no gap; from that back
 * upwards each gap is filled by the smaller picture, bilinearly.
 */
export function smoothOver(level: Level): Level {
  const finest = known(level);
  const pulled = [finest];
  for (let last = finest; last.told.includes(0) && last.told.length > 1; ) {
    last = pull(last);
    pulled.push(last);
  }
  for (let k = pulled.length - 2; k >= 0; k--) push(pulled[k + 1]!, pulled[k]!);
  const pixels = level.pixels.slice();
  for (let at = 0; at < level.state.length; at++)
    if (level.state[at] === HOLE)
      for (let channel = 0; channel < CHANNELS; channel++)
        pixels[at * 4 + channel] = finest.colours[at * CHANNELS + channel]! + 0.5;
  return { ...level, pixels };
}

function known({ width, height, pixels, state }: Level): Pull {
  const colours = new Float32Array(width * height * CHANNELS);
  const told = new Uint8Array(width * height);
  for (let at = 0; at < told.length; at++) {
    if (state[at] !== KNOWN) continue;
    told[at] = 1;
    for (let channel = 0; channel < CHANNELS; channel++)
      colours[at * CHANNELS + channel] = pixels[at * 4 + channel]!;
  }
  return { width, height, colours, told };
}

/** Half as large: of each four pixels the mean of those that are told; one is enough. */
function pull(fine: Pull): Pull {
  const width = (fine.width + 1) >> 1;
  const height = (fine.height + 1) >> 1;
  const colours = new Float32Array(width * height * CHANNELS);
  const counts = new Uint8Array(width * height);
  for (let y = 0, from = 0; y < fine.height; y++)
    for (let x = 0; x < fine.width; x++, from++) {
      if (fine.told[from] === 0) continue;
      const to = (y >> 1) * width + (x >> 1);
      counts[to]!++;
      for (let channel = 0; channel < CHANNELS; channel++)
        colours[to * CHANNELS + channel]! += fine.colours[from * CHANNELS + channel]!;
    }
  for (let at = 0; at < counts.length; at++)
    if (counts[at]! > 1)
      for (let channel = 0; channel < CHANNELS; channel++) colours[at * CHANNELS + channel]! /= counts[at]!;
  return { width, height, colours, told: counts.map((count) => Math.min(1, count)) };
}

/** Fills the gaps of `fine` from `coarse`, which has none. */
function push(coarse: Pull, fine: Pull): void {
  const { width, colours, told } = fine;
  for (let y = 0, at = 0; y < fine.height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (told[at] === 1) continue;
      const nearY = y >> 1;
      const nearX = x >> 1;
      const farY = Math.min(coarse.height - 1, Math.max(0, nearY + ((y & 1) === 0 ? -1 : 1)));
      const farX = Math.min(coarse.width - 1, Math.max(0, nearX + ((x & 1) === 0 ? -1 : 1)));
      const [a, b] = [(nearY * coarse.width + nearX) * CHANNELS, (nearY * coarse.width + farX) * CHANNELS];
      const [c, d] = [(farY * coarse.width + nearX) * CHANNELS, (farY * coarse.width + farX) * CHANNELS];
      for (let channel = 0; channel < CHANNELS; channel++)
        colours[at * CHANNELS + channel] =
          (9 * coarse.colours[a + channel]! +
            3 * (coarse.colours[b + channel]! + coarse.colours[c + channel]!) +
            coarse.colours[d + channel]!) /
          16;
    }
}
