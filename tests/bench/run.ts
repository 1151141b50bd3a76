// `npm run bench -- [--quick] [--sizes 1024,4096] [--only raw,Lacuna]`: the app beside two pages of reference.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { firstLoadText } from '../../server/build.ts';
import { startApp } from '../app.ts';
import { benchPicture } from './picture.ts';
import type { SizeReport } from './report.ts';
import { markdown, mediansOf } from './report.ts';
import type { Figures, Subject, Workload } from './visit.ts';
import { visit, visitMany, visitMoving } from './visit.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, sizes: { type: 'string' }, only: { type: 'string' } },
});
const sizes = (options.sizes ?? (options.quick ? '1024' : '1024,4096,8192')).split(',').map(Number);
const rounds = options.quick ? 1 : 3;

const output = fileURLToPath(new URL('../output', import.meta.url));
const pages = fileURLToPath(new URL('pages', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-bench-'));
const say = (text: string) => process.stdout.write(`${text}\n`);

async function serveReferencePages() {
  const outDir = join(temporary, 'pages');
  const input = ['raw', 'plainKonva'].map((name) => join(pages, `${name}.html`));
  const common = { root: pages, configFile: false, envDir: false, logLevel: 'warn' } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } });
  return preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
}

const loads: string[] = [];
const noteLoad = () =>
  loads.push(
    loadavg()
      .map((value) => value.toFixed(2))
      .join(' '),
  );

async function benchSize(size: number, subjects: readonly Subject[]): Promise<SizeReport> {
  const picture = await benchPicture(temporary, size);
  const load: Workload = { size, picture, strokes: 20, movesPerStroke: 200 };
  const visits = new Map<Subject['name'], Figures[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      const figures = await visit(subject, load);
      visits.get(subject.name)!.push(figures);
      const { cpuPerMove, frameP95, exportMask } = figures;
      say(
        `${size}² ${subject.name}, round ${round} of ${rounds}: ${cpuPerMove.toFixed(2)} ms/move, ` +
          `frame p95 ${frameP95.toFixed(1)} ms, export ${exportMask.toFixed(0)} ms`,
      );
    }
  }
  const own = subjects.find(({ name }) => name === 'Lacuna');
  const moving = own ? await visitMoving(own, load) : null;
  const many = own ? await visitMany(own, load) : null;
  return {
    size,
    figures: Object.fromEntries([...visits].map(([name, figures]) => [name, mediansOf(figures)])),
    moving,
    many,
  };
}

const server = await serveReferencePages();
const app = await startApp();
try {
  noteLoad();
  const reference = server.resolvedUrls?.local[0] ?? '';
  const all: readonly Subject[] = [
    { name: 'raw', url: `${reference}raw.html` },
    { name: 'plain Konva', url: `${reference}plainKonva.html` },
    { name: 'Lacuna', url: app.url },
  ];
  const wanted = options.only?.split(',');
  const subjects = all.filter(({ name }) => wanted?.includes(name) ?? true);
  const reports: SizeReport[] = [];
  for (const size of sizes) reports.push(await benchSize(size, subjects));
  noteLoad();
  const facts = [
    new Date().toISOString(),
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; load average before ${loads[0]}, after ${loads[1]}`,
    `20 strokes of 200 moves at 250 Hz, brush 5 % of the width, fit zoom, software raster; medians of ${rounds}, in turns`,
    `first load: ${firstLoadText()}; asked: ≤ 220 with all`,
  ];
  const text = markdown(facts, reports);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'bench.md'), `${text}\n`);
  writeFileSync(join(output, 'bench.json'), JSON.stringify({ facts, reports }, null, 2));
  say(`\n${text}\n\nAlso in tests/output/bench.md and bench.json.`);
} finally {
  await app.stop();
  await server.close();
  rmSync(temporary, { recursive: true, force: true });
}
