/** Size of a sample picture, px: 3 to 2. */
export const WIDTH = 1600;
export const HEIGHT = 1067;

export const scene = (defs: string, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs>${defs}</defs>${body}</svg>`;

/** Vertical gradient from [offset, colour] stops. */
export const vertical = (id: string, ...stops: readonly (readonly [number, string])[]) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops
    .map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`)
    .join('')}</linearGradient>`;

/** Glow that fades to nothing. */
export const glow = (id: string, colour: string, strength: number) =>
  `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${strength}"/>
<stop offset=".4" stop-color="${colour}" stop-opacity="${strength * 0.4}"/>
<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`;

export const blur = (id: string, deviation: number | string) =>
  `<filter id="${id}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`;

/** Repeatable numbers in [0, 1). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Heights of a mountain line by midpoint displacement; `count` is a power of two plus one. */
export function ridge(seed: number, count: number, from: number, to: number, rough: number): number[] {
  const random = numbers(seed);
  const line = new Array<number>(count).fill(0);
  line[0] = from;
  line[count - 1] = to;
  let spread = rough;
  for (let step = count - 1; step > 1; step /= 2) {
    for (let i = step / 2; i < count; i += step) {
      line[i] = (line[i - step / 2]! + line[i + step / 2]!) / 2 + (random() - 0.5) * spread;
    }
    spread *= 0.52;
  }
  return line;
}

/** A filled shape below a line across the picture. */
export const below = (line: readonly number[], base: number, fill: string, more = '') => {
  const points = line.map((y, i) => `${((i / (line.length - 1)) * WIDTH).toFixed(1)},${y.toFixed(1)}`);
  return `<polygon points="0,${base} ${points.join(' ')} ${WIDTH},${base}" fill="${fill}" ${more}/>`;
};
