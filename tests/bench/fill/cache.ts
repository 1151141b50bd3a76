import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fill, Method } from './methods.ts';
import type { Metrics, RgbPicture } from './metrics.ts';
import { parseNetpbm, writeNetpbm } from './netpbm.ts';

export interface Measured extends Fill {
  readonly metrics: Metrics;
}

/** How results are measured is part of what they are kept by. */
const measuring = ['metrics.ts', 'planes.ts'].map((name) =>
  readFileSync(fileURLToPath(new URL(name, import.meta.url))),
);

/** Keeps what methods made of holes in a folder, by content: a `Measured` is either found there or made. */
export function createCache(folder: string) {
  mkdirSync(folder, { recursive: true });
  return (method: Method, picture: RgbPicture, hole: Uint8Array, seed: number, make: () => Measured) => {
    const hash = createHash('sha256');
    for (const part of [
      method.title,
      method.about,
      `${picture.width} ${seed}`,
      picture.rgb,
      hole,
      ...measuring,
    ])
      hash.update(part);
    const path = join(folder, hash.digest('hex').slice(0, 32));
    if (existsSync(`${path}.json`)) {
      const known = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Omit<Measured, 'result'>;
      return { ...known, result: parseNetpbm(readFileSync(`${path}.ppm`)), cached: true };
    }
    const { result, ...made } = make();
    writeNetpbm(`${path}.ppm`, result);
    writeFileSync(`${path}.json`, JSON.stringify(made));
    return { ...made, result, cached: false };
  };
}
