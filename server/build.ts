import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Manifest } from 'vite';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.lacuna-build');

/** Everything that a build reads. */
const sources = [
  'src/**/*',
  'public/**/*',
  'server/contract.ts',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

function sourceHash(): string {
  const hash = createHash('sha256');
  const files = globSync(sources, { cwd: root, exclude: (path) => /\.(test\.tsx?|md)$/.test(path) });
  for (const file of files.sort()) {
    const path = join(root, file);
    if (statSync(path).isFile()) hash.update(file).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

export interface FirstLoad {
  /** Bytes (gzip) of script before the page is drawn and takes a file: the entry and its static imports. */
  readonly page: number;
  /** With the stage, which the page fetches beside its first paint: before a picture is seen. */
  readonly withStage: number;
}

const STAGE = 'src/ui/StageSlot.tsx';

/** What a browser fetches of the built app before a first picture; workers and dialogs come when they are needed. */
export function firstLoad(): FirstLoad {
  const read = (path: string) => readFileSync(join(root, 'dist', path));
  const manifest = JSON.parse(read('.vite/manifest.json').toString()) as Manifest;
  if (!manifest[STAGE]) throw new Error(`${STAGE} is no chunk of its own any more.`);
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  return {
    page: gzipBytes(manifest, entries, read),
    withStage: gzipBytes(manifest, [...entries, STAGE], read),
  };
}

function gzipBytes(manifest: Manifest, starts: readonly string[], read: (path: string) => Buffer): number {
  const keys = new Set(starts);
  // A Set iterates over what is added meanwhile: the closure over static imports.
  for (const key of keys) for (const imported of manifest[key]?.imports ?? []) keys.add(imported);
  return [...keys].reduce((sum, key) => sum + gzipSync(read(manifest[key]!.file)).length, 0);
}

/** Builds the app into dist/ unless what lies there was made from the same sources. */
export async function ensureBuilt(): Promise<void> {
  const hash = sourceHash();
  const built = existsSync(join(root, 'dist', 'index.html')) && existsSync(stamp);
  if (built && readFileSync(stamp, 'utf8') === hash) return;
  process.stdout.write('Building the app …\n');
  const { NODE_ENV } = process.env;
  // Vite takes over a mode that is set, such as a test runner's, and React would come with its development code.
  process.env['NODE_ENV'] = 'production';
  await build({ root, logLevel: 'error' });
  process.env['NODE_ENV'] = NODE_ENV;
  writeFileSync(stamp, hash);
  process.stdout.write(`First load: ${firstLoadText()}\n`);
}

export function firstLoadText(): string {
  const { page, withStage } = firstLoad();
  const kB = (bytes: number) => (bytes / 1000).toFixed(1);
  return `${kB(page)} kB of script (gzip) for the page, ${kB(withStage)} with the stage`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();
