// `npm run bench:fill -- [--size 512] [--masks scribble,hole] [--report odd] [photographs or folders …]`:
// what the embedded engine makes of holes and what that costs, beside G'MIC and OpenCV. Installs nothing.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createCache, type Measured } from './fill/cache.ts';
import { type Case, figuresTable, meansTable } from './fill/figures.ts';
import { drawMask, MASKS, type MaskName } from './fill/masks.ts';
import { findPeers, type Method, ownMethod } from './fill/methods.ts';
import { createMeasure, type RgbPicture } from './fill/metrics.ts';
import { loadPictures, type NamedPicture, type Share } from './fill/pictures.ts';
import { contactSheet, markHole } from './fill/sheet.ts';
import { median } from './statistics.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The longer side of every picture. */
    size: { type: 'string', default: '512' },
    masks: { type: 'string', default: MASKS.join(',') },
    /** `lacuna`: no peers. */
    only: { type: 'string' },
    /** Every fill is done so many times; its time is the median. */
    rounds: { type: 'string', default: '1' },
    /** Parameters are chosen on the even pictures and reported on the odd ones. */
    report: { type: 'string', default: 'all' },
    /** A folder for contact sheets. */
    out: { type: 'string' },
    /** A file for every single case. */
    json: { type: 'string' },
    /** A folder in which the peers' results are kept from run to run. */
    cache: { type: 'string' },
  },
});
const size = Number(options.size);
const rounds = Number(options.rounds);
const masks = options.masks.split(',').map((name) => oneOf(MASKS, name));
const share: Share = oneOf(['odd', 'even', 'all'], options.report);
const only = options.only === undefined ? null : oneOf(['lacuna'], options.only);
/** Two threads are worth it from pictures of this size on. */
const PAIR_FROM = 2048;
const say = (text: string) => process.stdout.write(`${text}\n`);
/** What is missing or left out: said at once, and again in the report. */
const notes: string[] = [];
const note = (text: string) => {
  notes.push(text);
  say(text);
};

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((one) => one === name);
  if (found === undefined) throw new Error(`"${name}" is none of ${known.join(', ')}.`);
  return found;
}

/** The same hole for the same picture and mask, whatever else is measured. */
const seedOf = (text: string) => createHash('sha256').update(text).digest().readUInt32LE();

/** The picture as the methods see it: loud where a method should not look. */
function withHole({ width, height, rgb }: RgbPicture, hole: Uint8Array): RgbPicture {
  const seen = new Uint8Array(rgb);
  hole.forEach((value, at) => {
    if (value !== 0) seen.set([255, 0, 255], at * 3);
  });
  return { width, height, rgb: seen };
}

async function measureHole(
  picture: NamedPicture,
  mask: MaskName,
  methods: readonly Method[],
  cached: ReturnType<typeof createCache> | null,
): Promise<Case[]> {
  const seed = seedOf(`${picture.name} ${mask}`);
  const hole = drawMask(mask, picture.width, picture.height, seed);
  const measure = createMeasure(picture, hole, seed);
  const seen = withHole(picture, hole);
  const results: RgbPicture[] = [];
  const cases = methods.map((method) => {
    const make = (): Measured => {
      const fills = Array.from({ length: rounds }, () => method.fill(seen, hole, seed));
      return {
        ...fills[0]!,
        cpuSeconds: median(fills.map((fill) => fill.cpuSeconds)),
        wallSeconds: median(fills.map((fill) => fill.wallSeconds)),
        metrics: measure(fills[0]!.result),
      };
    };
    const made =
      cached && !method.name.startsWith('lacuna')
        ? cached(method, picture, hole, seed, make)
        : { ...make(), cached: false };
    const { result, ...figures } = made;
    results.push(result);
    return { picture: picture.name, mask, method: method.name, ...figures };
  });
  const pair = methods.findIndex(({ name }) => name === 'lacuna-2');
  if (pair >= 0 && Buffer.compare(results[pair]!.rgb, results[0]!.rgb) !== 0)
    throw new Error(`Two threads fill ${picture.name} otherwise than one.`);
  if (options.out)
    writeFileSync(
      join(options.out, `${picture.name}-${mask}-${size}.png`),
      await contactSheet([markHole(picture, hole), ...results]),
    );
  return cases;
}

const output = fileURLToPath(new URL('../output', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-bench-fill-'));
try {
  const before = loadavg()[0]!;
  const pictures = await loadPictures(positionals, size, share, note);
  if (pictures.length === 0) throw new Error('No picture is left to measure.');
  const methods = [
    ownMethod(temporary),
    ...(size >= PAIR_FROM ? [ownMethod(temporary, 2)] : []),
    ...(only ? [] : findPeers(temporary, note)),
  ];
  const cached = options.cache ? createCache(options.cache) : null;
  if (options.out) mkdirSync(options.out, { recursive: true });
  const cases: Case[] = [];
  for (const [index, picture] of pictures.entries()) {
    for (const mask of masks) cases.push(...(await measureHole(picture, mask, methods, cached)));
    say(`${index + 1}/${pictures.length} ${picture.name} ${picture.width} × ${picture.height}`);
  }
  if (options.json) writeFileSync(options.json, JSON.stringify({ size, share, cases }, null, 1));
  const which = { odd: 'the odd ones, for the report', even: 'the even ones, for tuning', all: 'all' }[share];
  const text = [
    `${pictures.length} pictures (${which}) × ${masks.length} masks at ${size}; means; ` +
      `${cpus().length} cores, ${cpus()[0]?.model}; ` +
      `load before ${before.toFixed(2)}, after ${loadavg()[0]!.toFixed(2)}; ` +
      `CPU seconds of the fill alone, user + system, medians of ${rounds}.`,
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    methods.map(({ title, about }) => `- ${title}: ${about}`).join('\n'),
    meansTable(cases),
    figuresTable(cases, size),
  ].join('\n\n');
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'benchFill.md'), `${text}\n`);
  say(`\n${text}\n\nAlso in tests/output/benchFill.md.`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
