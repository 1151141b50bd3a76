import { median } from './statistics.ts';
import type { Figures, Many, Moving, Subject } from './visit.ts';

type Name = Subject['name'];

export interface SizeReport {
  readonly size: number;
  /** Medians over the rounds. */
  readonly figures: Readonly<Partial<Record<Name, Figures>>>;
  readonly moving: Moving | null;
  readonly many: Many | null;
}

const columns: readonly { readonly key: keyof Figures; readonly title: string; readonly digits: number }[] = [
  { key: 'frameP50', title: 'frame p50 ms', digits: 1 },
  { key: 'frameP95', title: 'frame p95 ms', digits: 1 },
  { key: 'cpuPerMove', title: 'main-thread CPU ms/move', digits: 2 },
  { key: 'scriptPerMove', title: 'of it script', digits: 2 },
  { key: 'growth', title: 'strokes 18–20 : 2–4', digits: 2 },
  { key: 'undo', title: 'undo ms', digits: 1 },
  { key: 'exportMask', title: 'mask export ms', digits: 0 },
  { key: 'longestPainting', title: 'longest task painting ms', digits: 1 },
  { key: 'longestExporting', title: 'exporting ms', digits: 1 },
  { key: 'memoryOpened', title: 'renderer MB opened', digits: 0 },
  { key: 'memoryPainting', title: '+ MB painting', digits: 0 },
  { key: 'open', title: 'open to visible ms', digits: 0 },
];

export function mediansOf(visits: readonly Figures[]): Figures {
  const keys = Object.keys(visits[0]!) as (keyof Figures)[];
  return Object.fromEntries(
    keys.map((key) => [key, median(visits.map((one) => one[key]))]),
  ) as unknown as Figures;
}

interface Goal {
  readonly title: string;
  /** The app's figure, and raw's in the same run for goals that are ratios. */
  value(own: Figures, raw: Figures): number;
  readonly unit: string;
  /** The most that is allowed: to reach, and to go for once that holds. */
  limit(size: number): readonly [reach: number, beyond: number];
}

/** Two or three limits by size of picture: up to 1024, up to 4096, above. */
const bySize =
  (...limits: readonly (readonly [number, number])[]) =>
  (size: number) =>
    limits[size <= 1024 ? 0 : size <= 4096 ? 1 : 2]!;
const always = (limit: number) => () => [limit, limit] as const;

const goals: readonly Goal[] = [
  {
    title: 'CPU per move : raw',
    value: (own, raw) => own.cpuPerMove / raw.cpuPerMove,
    unit: '×',
    limit: bySize([1.6, 1.2], [0.5, 0.35], [0.25, 0.15]),
  },
  { title: 'frame interval p95', value: (own) => own.frameP95, unit: 'ms', limit: always(16.8) },
  { title: 'growth', value: (own) => own.growth, unit: '×', limit: always(1.1) },
  { title: 'undo to next frame', value: (own) => own.undo, unit: 'ms', limit: always(20) },
  {
    title: 'mask export : raw',
    value: (own, raw) => own.exportMask / raw.exportMask,
    unit: '×',
    limit: bySize([2, 1], [1, 0.5], [1, 0.3]),
  },
  { title: 'longest task painting', value: (own) => own.longestPainting, unit: 'ms', limit: always(34) },
  { title: 'longest task exporting', value: (own) => own.longestExporting, unit: 'ms', limit: always(50) },
  {
    title: 'memory of painting',
    value: (own) => own.memoryPainting,
    unit: 'MB',
    limit: bySize([60, 60], [100, 100], [150, 150]),
  },
  {
    title: 'open to visible : raw',
    value: (own, raw) => own.open / raw.open,
    unit: '×',
    limit: bySize([1, 0.8], [1, 0.7], [1, 0.8]),
  },
  { title: 'wrong mask pixels', value: (own) => own.wrong * 1e6, unit: 'per million', limit: always(0) },
];

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const share = (wrong: number) => (wrong === 0 ? 'exact' : `${(wrong * 100).toPrecision(2)} % wrong`);

function verdict(value: number, [reach, beyond]: readonly [number, number]): string {
  if (value <= beyond) return beyond < reach ? 'reached, and beyond' : 'reached';
  return value <= reach ? 'reached' : '**missed**';
}

function sizeSection({ size, figures, moving, many }: SizeReport): string {
  const measured = Object.entries(figures).map(([name, one]) => [
    name,
    ...columns.map(({ key, digits }) => one[key].toFixed(digits)),
    share(one.wrong),
  ]);
  const parts = [`## ${size} × ${size}`, table(['', ...columns.map(({ title }) => title), 'mask'], measured)];
  const { Lacuna: own, raw } = figures;
  if (own && raw) {
    const rows = goals.map(({ title, value, unit, limit }) => {
      const reached = value(own, raw);
      const limits = limit(size);
      const asked = limits[0] === limits[1] ? `≤ ${limits[0]}` : `≤ ${limits[0]} (${limits[1]})`;
      return [title, `${reached.toFixed(2)} ${unit}`, asked, verdict(reached, limits)];
    });
    parts.push(table(['goal', 'Lacuna', 'asked', ''], rows));
  }
  if (moving) {
    const { panP95, zoomP95, paintAt100P95 } = moving;
    const values = [panP95, zoomP95, paintAt100P95];
    parts.push(
      table(
        ['frame interval p95', 'panning at 100 %', 'zooming', 'painting at 100 %'],
        [
          ['Lacuna', ...values.map((value) => `${value.toFixed(1)} ms`)],
          ['asked: ≤ 16.8 ms', ...values.map((value) => verdict(value, [16.8, 16.8]))],
        ],
      ),
    );
  }
  if (many) {
    const { frameP95, growth, undo, memory } = many;
    const cells = [
      `${frameP95.toFixed(1)} ms`,
      growth.toFixed(2),
      `${undo.toFixed(1)} ms`,
      `${memory.toFixed(0)} MB`,
    ];
    parts.push(
      table(
        ['200 strokes of 40 moves', 'frame p95', 'last 20 : first 20', 'undo', '+ memory'],
        [['Lacuna', ...cells]],
      ),
    );
  }
  return parts.join('\n\n');
}

export const markdown = (facts: readonly string[], sizes: readonly SizeReport[]) =>
  [`# Bench`, facts.map((fact) => `- ${fact}`).join('\n'), ...sizes.map(sizeSection)].join('\n\n');
