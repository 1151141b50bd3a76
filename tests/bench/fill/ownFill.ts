// A process of its own for one fill of the embedded engine, so that its CPU time is all that it costs.
// ownFill.ts width height seed threads input output: RGBA, then one byte per pixel, nonzero = hole → RGBA.
import { readFileSync, writeFileSync } from 'node:fs';
import { createPool } from '../../../server/offline/pool.ts';
import { fillHole } from '../../../src/fill/fillHole.ts';
import type { FillRequest } from '../../../src/fill/picture.ts';
import { drawnScene } from '../../drawnScene.ts';

const [width = 0, height = 0, seed = 0, threads = 1] = process.argv.slice(2, 6).map(Number);
const [input = '', output = ''] = process.argv.slice(6);
const bytes = new Uint8Array(readFileSync(input));
const rgba = bytes.subarray(0, width * height * 4);
const hole = bytes.subarray(width * height * 4);

const pool = threads > 1 ? createPool({ threads }) : null;
const never = new AbortController().signal;

/** `onFirst` hears of the first picture that can be shown, drawn. */
async function fill(request: FillRequest, onFirst: () => void): Promise<Uint8Array> {
  if (pool) {
    const { rgba } = await pool.run(never, { kind: 'fill', ...request }, { count: 1, deliver: onFirst });
    return rgba;
  }
  return fillHole(request, {
    stage: (index, _, draw) => {
      if (index > 0) return;
      draw();
      onFirst();
    },
  });
}

// What is measured is the work, not the compiling: a thread that serves has filled before.
const warm = 384;
const warmHole = new Uint8Array(warm * warm).fill(1, 144 * warm, 240 * warm);
for (let times = 0; times < 2; times++)
  await fill({ width: warm, height: warm, rgba: drawnScene(warm, warm), hole: warmHole, seed }, () => {});

const cpu = process.cpuUsage();
const since = performance.now();
let first: number | null = null;
const filled = await fill({ width, height, rgba, hole, seed }, () => {
  first ??= performance.now() - since;
});
const wall = performance.now() - since;
const { user, system } = process.cpuUsage(cpu);
writeFileSync(output, filled);
process.stdout.write(
  JSON.stringify({ cpu: (user + system) / 1e6, wall: wall / 1e3, first: first && first / 1e3 }),
);
await pool?.close();
