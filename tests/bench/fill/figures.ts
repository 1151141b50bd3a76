import { quantile } from '../statistics.ts';
import { MASKS, type MaskName } from './masks.ts';
import { METHODS, type MethodName } from './methods.ts';
import { METRICS, type Metrics } from './metrics.ts';

/** One fill of one hole in one picture. */
export interface Case {
  readonly picture: string;
  readonly mask: MaskName;
  readonly method: MethodName;
  readonly metrics: Metrics;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly firstSeconds: number | null;
  /** The result and its times are of an earlier run. */
  readonly cached: boolean;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[][]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const DIGITS: Readonly<Record<keyof Metrics, number>> = {
  psnr: 2,
  ssim: 3,
  msssim: 3,
  gmsd: 4,
  swd: 2,
  tswd: 2,
  sharp: 2,
  seam: 2,
};

function cellsOf(cases: readonly Case[]): string[] {
  const figures = METRICS.map((name) => mean(cases.map((one) => one.metrics[name])).toFixed(DIGITS[name]));
  const cached = cases.some((one) => one.cached) ? ' (cached)' : '';
  const seconds = mean(cases.map((one) => one.cpuSeconds));
  return [...figures, `${seconds.toFixed(seconds < 0.1 ? 3 : 2)}${cached}`];
}

/** Means of each method over everything, and over each mask. */
export function meansTable(cases: readonly Case[]): string {
  const rowsFor = (mask: MaskName | null) =>
    METHODS.flatMap((method) => {
      const own = cases.filter((one) => one.method === method && (mask === null || one.mask === mask));
      return own.length === 0 ? [] : [[mask ?? '**all**', method, ...cellsOf(own)]];
    });
  return table(['mask', 'method', ...METRICS, 'CPU s'], [rowsFor(null), ...MASKS.map(rowsFor)].flat());
}

interface Target {
  readonly bound: number;
  /** What to go for once the bound holds; of a range, its end. */
  readonly further?: number;
  readonly sense: 'least' | 'most' | 'range';
}

interface Figure extends Target {
  readonly title: string;
  /** NaN where the cases do not tell. */
  readonly value: number;
}

/** CPU time over G'MIC's that is asked for at these sizes: bound and further. */
const HOLE_TIME: Readonly<Record<number, readonly [number, number]>> = {
  512: [0.4, 0.3],
  1024: [0.2, 0.12],
  2048: [0.14, 0.08],
};

/** The figures to reach, in the order in which they were asked for. */
export function figuresOf(cases: readonly Case[], size: number): Figure[] {
  const of = (method: MethodName, mask?: MaskName) =>
    cases.filter((one) => one.method === method && (mask === undefined || one.mask === mask));
  const metric = (method: MethodName, name: keyof Metrics, mask?: MaskName) =>
    mean(of(method, mask).map((one) => one.metrics[name]));
  const seconds = (method: MethodName, mask: MaskName) => mean(of(method, mask).map((one) => one.cpuSeconds));
  const ratio = (name: keyof Metrics, peer: MethodName) => metric('lacuna', name) / metric(peer, name);

  /** The share of outpaintings in which `better` says so of ours and G'MIC's. */
  const wins = (better: (own: Metrics, peer: Metrics) => boolean) => {
    const pairs = of('lacuna')
      .filter((one) => one.mask.startsWith('outpaint'))
      .flatMap((own) =>
        of('gmic', own.mask)
          .filter((peer) => peer.picture === own.picture)
          .map((peer) => better(own.metrics, peer.metrics)),
      );
    return pairs.filter(Boolean).length / pairs.length;
  };
  const holeTime = HOLE_TIME[size];
  const firsts = of('lacuna', 'hole').map((one) => (one.firstSeconds ?? one.wallSeconds) / one.wallSeconds);
  return [
    { title: 'SWD : G’MIC', value: ratio('swd', 'gmic'), bound: 0.75, further: 0.65, sense: 'most' },
    { title: 'tSWD : G’MIC', value: ratio('tswd', 'gmic'), bound: 0.75, further: 0.65, sense: 'most' },
    { title: 'tSWD : Telea', value: ratio('tswd', 'telea'), bound: 0.45, sense: 'most' },
    { title: 'GMSD : G’MIC', value: ratio('gmsd', 'gmic'), bound: 0.96, further: 0.94, sense: 'most' },
    { title: 'MS-SSIM : G’MIC', value: ratio('msssim', 'gmic'), bound: 1.03, sense: 'least' },
    {
      title: 'PSNR − G’MIC, dB',
      value: metric('lacuna', 'psnr') - metric('gmic', 'psnr'),
      bound: 0.4,
      sense: 'least',
    },
    { title: 'sharp', value: metric('lacuna', 'sharp'), bound: 0.75, further: 1.1, sense: 'range' },
    { title: 'seam', value: metric('lacuna', 'seam'), bound: 0.9, further: 1.1, sense: 'range' },
    {
      title: 'scribble: PSNR − Telea, dB',
      value: metric('lacuna', 'psnr', 'scribble') - metric('telea', 'psnr', 'scribble'),
      bound: 1.2,
      sense: 'least',
    },
    {
      title: 'outpainting: share with SWD better than G’MIC',
      value: wins((own, peer) => own.swd < peer.swd),
      bound: 0.8,
      sense: 'least',
    },
    {
      title: 'outpainting: share with PSNR better than G’MIC',
      value: wins((own, peer) => own.psnr > peer.psnr),
      bound: 0.5,
      sense: 'least',
    },
    ...(holeTime
      ? [
          {
            title: `hole: CPU time : G’MIC at ${size}`,
            value: seconds('lacuna', 'hole') / seconds('gmic', 'hole'),
            bound: holeTime[0],
            further: holeTime[1],
            sense: 'most' as const,
          },
        ]
      : []),
    {
      title: 'CPU time, scribble : hole',
      value: seconds('lacuna', 'scribble') / seconds('lacuna', 'hole'),
      bound: 0.4,
      further: 0.25,
      sense: 'most',
    },
    {
      title: 'hole: wall time, two threads : one',
      value:
        mean(of('lacuna-2', 'hole').map((one) => one.wallSeconds)) /
        mean(of('lacuna', 'hole').map((one) => one.wallSeconds)),
      bound: 0.7,
      sense: 'most',
    },
    {
      title: 'hole: first partial, share of wall time (90 % of cases below)',
      value: quantile(firsts, 0.9),
      bound: 0.15,
      sense: 'most',
    },
  ];
}

export type Verdict = 'met' | 'met, further too' | 'MISSED' | 'not measured';

export function verdictOn({ value, bound, further, sense }: Target & { readonly value: number }): Verdict {
  if (Number.isNaN(value)) return 'not measured';
  if (sense === 'range') return value >= bound && value <= further! ? 'met' : 'MISSED';
  const reaches = (goal: number) => (sense === 'least' ? value >= goal : value <= goal);
  if (!reaches(bound)) return 'MISSED';
  return further !== undefined && reaches(further) ? 'met, further too' : 'met';
}

function targetText({ bound, further, sense }: Target): string {
  if (sense === 'range') return `${bound}–${further}`;
  const sign = sense === 'least' ? '≥' : '≤';
  return `${sign} ${bound}${further === undefined ? '' : ` (${further})`}`;
}

export const figuresTable = (cases: readonly Case[], size: number): string =>
  table(
    ['figure', 'value', 'asked', ''],
    figuresOf(cases, size).map((figure) => [
      figure.title,
      Number.isNaN(figure.value) ? '–' : figure.value.toFixed(3),
      targetText(figure),
      verdictOn(figure),
    ]),
  );
