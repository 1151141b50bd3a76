// `npm test`; with --fast (`npm run check`) without the browser. Runs everything, then says what failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../server/build.ts';
import { ensureBrowser } from './browser.ts';
import type { Counts } from './countingReporter.ts';
import { ensureOnnxRuntime } from './onnxRuntime.ts';
import { ensureRedis } from './redis.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'tests', 'output');
const fast = process.argv.includes('--fast');

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed. */
  readonly log: string;
  /** Tests that passed only when they were tried again. */
  readonly secondTries?: readonly string[];
}

interface Step {
  readonly name: string;
  run(): Promise<Outcome>;
}

function command(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', name), args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, log }));
  });
}

/** A check that passes or fails as a whole; it counts only when it fails. */
const check = (name: string, binary: string, ...args: string[]): Step => ({
  name,
  async run() {
    const { code, log } = await command(binary, args);
    return { passed: 0, failed: code === 0 ? 0 : 1, log };
  },
});

const preparation = (name: string, prepare: () => unknown): Step => ({
  name,
  async run() {
    await prepare();
    return { passed: 0, failed: 0, log: '' };
  },
});

const tests = (project: string): Step => ({
  name: `${project} tests`,
  async run() {
    const file = join(output, `vitest-${project}.json`);
    rmSync(file, { force: true });
    const reporters = ['--reporter=dot', '--reporter=./tests/countingReporter.ts'];
    const { code, log } = await command('vitest', ['run', '--project', project, ...reporters], {
      COUNTS_FILE: file,
    });
    if (!existsSync(file)) return { passed: 0, failed: 1, log };
    const { passed, failed, secondTries } = JSON.parse(readFileSync(file, 'utf8')) as Counts;
    // A file that does not load has no tests that fail, and still fails the run.
    return { passed, failed: Math.max(failed, code === 0 ? 0 : 1), log, secondTries };
  },
});

/** Steps of one group run side by side. */
const groups: readonly (readonly Step[])[] = [
  [
    check('types: pure rooms', 'tsc', '-p', 'tsconfig.pure.json'),
    check('types: browser', 'tsc', '-p', 'tsconfig.web.json'),
    check('types: Node and tests', 'tsc', '-p', 'tsconfig.node.json'),
    check('lint, format, cycles', 'biome', 'ci', '--colors=off', '.'),
    check('unused code', 'knip', '--no-progress'),
  ],
  [tests('unit')],
  [preparation('redis', ensureRedis)],
  [preparation('onnxruntime', ensureOnnxRuntime)],
  [tests('server')],
  ...(fast
    ? []
    : [[preparation('build', ensureBuilt)], [preparation('browser', ensureBrowser)], [tests('browser')]]),
];

async function timed(step: Step): Promise<Outcome> {
  const start = performance.now();
  const outcome: Outcome = await step
    .run()
    .catch((error: unknown) => ({ passed: 0, failed: 1, log: String(error) }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const counts = outcome.passed > 0 ? `  ${outcome.passed} passed` : '';
  const mark = outcome.failed > 0 ? 'FAILED' : 'ok';
  process.stdout.write(`${mark.padEnd(7)} ${step.name.padEnd(24)} ${seconds.padStart(6)} s${counts}\n`);
  for (const test of outcome.secondTries ?? []) process.stdout.write(`        at the second try: ${test}\n`);
  if (outcome.failed > 0) process.stdout.write(`\n${outcome.log.trim()}\n\n`);
  return outcome;
}

mkdirSync(output, { recursive: true });
const outcomes: Outcome[] = [];
for (const group of groups) outcomes.push(...(await Promise.all(group.map(timed))));
const sum = (of: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
