// Part of `npm run bench`: making a result part of a picture, beside a plain composite in a 2D canvas.
import { appendFileSync, mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitePage } from '../vitePage.ts';
import type { BlendFigures } from './pages/blend.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, sizes: { type: 'string' }, only: { type: 'string' } },
});
const sizes = (options.sizes ?? (options.quick ? '4096' : '4096,8192')).split(',').map(Number);
const rounds = options.quick ? 2 : 5;
const output = fileURLToPath(new URL('../output', import.meta.url));

/** Columns, and the most that is asked where anything is. */
const columns: readonly {
  readonly title: string;
  value(of: BlendFigures): number;
  readonly unit: string;
  readonly most?: number;
}[] = [
  {
    title: 'register + match + blend + verify : plain',
    value: (f) => (f.compare + f.blend + f.verify) / f.plain,
    unit: '×',
    most: 6,
  },
  { title: 'verify : reading once', value: (f) => f.verify / f.readOnce, unit: '×', most: 2 },
  { title: 'crop plan', value: (f) => f.plan, unit: 'ms', most: 5 },
  { title: 'compare', value: (f) => f.compare, unit: 'ms' },
  { title: 'blend', value: (f) => f.blend, unit: 'ms', most: 400 },
  { title: 'verify', value: (f) => f.verify, unit: 'ms' },
  { title: 'plain composite', value: (f) => f.plain, unit: 'ms' },
  { title: 'slider: feather', value: (f) => f.feather, unit: 'ms', most: 500 },
  { title: 'slider: colour', value: (f) => f.colour, unit: 'ms', most: 500 },
  { title: 'slider: gradient seam', value: (f) => f.gradient, unit: 'ms', most: 500 },
];

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const { origin, newContext, close } = await startVitePage('/tests/bench/pages/blend.ts', [
  'zustand/vanilla',
  'zustand',
]);
try {
  const rows: string[] = [];
  const before = loadavg()[0]!;
  for (const size of sizes) {
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => 'measureBlend' in window);
    const rounded = await page.evaluate(
      ([edge, count]) => window.measureBlend(edge!, count!),
      [size, rounds],
    );
    // The first round compiles the worker's code.
    const counted = rounded.length > 2 ? rounded.slice(1) : rounded;
    rows.push(
      row([
        `${size}²`,
        ...columns.map(({ value, unit, most }) => {
          const figure = median(counted.map(value));
          const verdict =
            most === undefined ? '' : figure <= most ? ` (≤ ${most})` : ` (**≤ ${most} missed**)`;
          return `${figure.toFixed(2)} ${unit}${verdict}`;
        }),
      ]),
    );
    await context.close();
  }
  const text = [
    '## A result of 1024² becomes part of a picture',
    `Medians of ${rounds} rounds; load average before ${before.toFixed(2)}, after ${loadavg()[0]!.toFixed(2)}.`,
    [
      row(['', ...columns.map(({ title }) => title)]),
      row(['', ...columns.map(() => '')].map(() => '---')),
      ...rows,
    ].join('\n'),
  ].join('\n\n');
  mkdirSync(output, { recursive: true });
  appendFileSync(join(output, 'bench.md'), `\n${text}\n`);
  process.stdout.write(`\n${text}\n`);
} finally {
  await close();
}
