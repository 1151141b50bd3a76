/** Pictures to try at once, in the public folder; each has a small one beside it for the tile. */
export const samples = ['harbour', 'room', 'lake'] as const;

export type Sample = (typeof samples)[number];

export const samplePath = (sample: Sample) => `/samples/${sample}.webp`;
export const sampleTilePath = (sample: Sample) => `/samples/${sample}-small.webp`;
