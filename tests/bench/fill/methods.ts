import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RgbPicture } from './metrics.ts';
import { parseNetpbm, writeNetpbm } from './netpbm.ts';

export const METHODS = ['lacuna', 'lacuna-2', 'gmic', 'telea'] as const;
export type MethodName = (typeof METHODS)[number];

export interface Fill {
  readonly result: RgbPicture;
  /** Of the fill alone: user and system, all threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Until the first picture that could be shown; null: none before the end. */
  readonly firstSeconds: number | null;
}

export interface Method {
  readonly name: MethodName;
  readonly title: string;
  /** What was run and how its time was taken. */
  readonly about: string;
  /** Fills the hole (1 = hole); what `picture` shows inside it means nothing. */
  fill(picture: RgbPicture, hole: Uint8Array, seed: number): Fill;
}

const GIGABYTE = 2 ** 30;

/** What a program printed. Throws with its words when it fails. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: GIGABYTE,
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}

/** Both streams of a program that may be missing or fail: '' then. */
function printedBy(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout + stderr : '';
}

/** Those of the peers that are here; `note` hears of those that are not. */
export function findPeers(folder: string, note: (text: string) => void): Method[] {
  const gmicVersion = /Version ([\d.]+)/.exec(printedBy('gmic', 'version'))?.[1];
  const gmic = gmicVersion ? gmicMethod(folder, gmicVersion) : null;
  // Debian's own Python knows Debian's packages; the first in the path may be another.
  const python = ['python3', '/usr/bin/python3']
    .map((command) => ({
      command,
      version: printedBy(command, '-c', 'import cv2; print(cv2.__version__)').trim(),
    }))
    .find(({ version }) => version !== '');
  const telea = python ? teleaMethod(folder, python) : null;
  if (!gmic) note('G’MIC IS MISSING and is left out; to measure it: apt-get install gmic');
  if (!telea) note('OPENCV IS MISSING and Telea is left out; to measure it: apt-get install python3-opencv');
  return [gmic, telea].filter((method) => method !== null);
}

/** The embedded engine by one thread, or by two as the server has them help each other. */
export function ownMethod(folder: string, threads: 1 | 2 = 1): Method {
  const module = fileURLToPath(new URL('ownFill.ts', import.meta.url));
  const [input, output] = [join(folder, 'own-input'), join(folder, 'own-output')];
  return {
    name: threads === 1 ? 'lacuna' : 'lacuna-2',
    title: threads === 1 ? 'Lacuna' : 'Lacuna, two threads',
    about:
      (threads === 1 ? 'src/fill/fillHole.ts, one thread' : 'the same by server/offline/pool.ts') +
      '; a fresh process per fill after two small fills',
    fill({ width, height, rgb }, hole, seed) {
      const bytes = new Uint8Array(width * height * 5).fill(255);
      for (let i = 0; i < hole.length; i++) bytes.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
      bytes.set(hole, width * height * 4);
      writeFileSync(input, bytes);
      const numbers = [width, height, seed, threads].map(String);
      const printed = run(process.execPath, [module, ...numbers, input, output]);
      const { cpu, wall, first } = JSON.parse(printed) as { cpu: number; wall: number; first: number | null };
      const rgba = readFileSync(output);
      const result = new Uint8Array(width * height * 3);
      for (let i = 0; i < hole.length; i++) result.set(rgba.subarray(i * 4, i * 4 + 3), i * 3);
      return {
        result: { width, height, rgb: result },
        cpuSeconds: cpu,
        wallSeconds: wall,
        firstSeconds: first,
      };
    },
  };
}

/** Seconds of the children, user and system, from the second line that a shell's `times` prints. */
function secondsOf(times: string): number {
  const [, children = ''] = times.trim().split('\n').slice(-2);
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

function gmicMethod(folder: string, version: string): Method {
  const files = ['picture.ppm', 'mask.pgm', 'result.ppm'].map((name) => join(folder, `gmic-${name}`));
  const [picture, mask, result] = files as [string, string, string];
  const timed = (...steps: string[]) => {
    const since = performance.now();
    const command = ['gmic', picture, mask, ...steps, 'cut[0]', '0,255', 'round[0]', 'output[0]', result];
    const times = run('sh', ['-c', '"$@" && times', 'sh', ...command], { OMP_NUM_THREADS: '1' });
    return { cpu: secondsOf(times), wall: (performance.now() - since) / 1000 };
  };
  const emptyRuns = new Map<string, { cpu: number; wall: number }>();
  const emptyRun = (size: string) => {
    const one = emptyRuns.get(size) ?? [timed(), timed(), timed()].sort((a, b) => a.cpu - b.cpu)[1]!;
    emptyRuns.set(size, one);
    return one;
  };
  return {
    name: 'gmic',
    title: `G’MIC ${version}`,
    about:
      'OMP_NUM_THREADS=1 gmic picture mask srand SEED inpaint_matchpatch[0] [1], its documented defaults ' +
      '(automatic scales, patches of 9, 10 iterations a scale, blending 5, outer blending), rounded; ' +
      'less the same run without that step',
    fill(input, hole, seed) {
      writeNetpbm(picture, input);
      writeNetpbm(mask, { ...input, grey: hole.map((value) => value * 255) });
      const empty = emptyRun(`${input.width}x${input.height}`);
      const { cpu, wall } = timed('srand', `${seed % 1_000_000}`, 'inpaint_matchpatch[0]', '[1]');
      return {
        result: parseNetpbm(readFileSync(result)),
        cpuSeconds: cpu - empty.cpu,
        wallSeconds: wall - empty.wall,
        firstSeconds: null,
      };
    },
  };
}

function teleaMethod(folder: string, python: { command: string; version: string }): Method {
  const files = ['picture.ppm', 'mask.pgm', 'result.ppm'].map((name) => join(folder, `telea-${name}`));
  const [picture, mask, result] = files as [string, string, string];
  const script = fileURLToPath(new URL('telea.py', import.meta.url));
  return {
    name: 'telea',
    title: `Telea, OpenCV ${python.version}`,
    about:
      'cv2.inpaint, INPAINT_TELEA, radius 5, one thread; process_time around the call after one small fill',
    fill(input, hole) {
      writeNetpbm(picture, input);
      writeNetpbm(mask, { ...input, grey: hole.map((value) => value * 255) });
      const [cpu = Number.NaN, wall = Number.NaN] = run(python.command, [script, picture, mask, result])
        .split(' ')
        .map(Number);
      return {
        result: parseNetpbm(readFileSync(result)),
        cpuSeconds: cpu,
        wallSeconds: wall,
        firstSeconds: null,
      };
    },
  };
}
