import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

interface Doors {
  /** Rooms, or single files, that may be imported beside the room itself. */
  readonly from: readonly string[];
  /** Packages that may be imported; a package's subpaths count as packages of their own. */
  readonly packages: readonly string[];
}

const react = [
  'react',
  'react-dom',
  'react-dom/client',
  'zustand',
  'zustand/vanilla',
  'zustand/react/shallow',
];

/** The rooms under src and who may be imported from where. Importing a type counts as importing. */
const rooms: Readonly<Record<string, Doors>> = {
  'src/geometry': { from: [], packages: [] },
  'src/raster': { from: ['src/geometry'], packages: [] },
  // A document's layers carry how they were blended.
  'src/editor': { from: ['src/blend', 'src/raster', 'src/geometry'], packages: ['zustand/vanilla'] },
  // The types of what a selection is asked for by.
  'src/tools': { from: ['src/editor', 'src/select', 'src/raster', 'src/geometry'], packages: [] },
  'src/fill': { from: [], packages: [] },
  'src/blend': { from: ['src/raster', 'src/geometry'], packages: [] },
  'src/select': { from: ['src/raster', 'src/geometry'], packages: [] },
  'src/codec': { from: ['src/fill', 'src/blend', 'src/select', 'src/raster', 'src/geometry'], packages: [] },
  'src/embedded': {
    from: ['src/fill', 'src/codec/png', 'src/codec/codecError.ts', 'server/contract.ts'],
    packages: [],
  },
  'src/api': { from: ['server/contract.ts'], packages: [] },
  'src/jobs': {
    from: ['src/editor', 'src/blend', 'src/raster', 'src/geometry'],
    packages: ['zustand/vanilla'],
  },
  'src/persistence': {
    // A document's masks are stored packed, and undecided results are stored with it.
    from: [
      'src/editor',
      'src/codec',
      'src/raster',
      'src/jobs/job.ts',
      'src/jobs/pending.ts',
      'src/geometry',
      // What is stored is packed in slices.
      'src/slowly.ts',
    ],
    packages: ['idb', 'zustand/vanilla'],
  },
  'src/canvas': {
    from: ['src/editor', 'src/tools', 'src/raster', 'src/geometry'],
    packages: [
      ...react,
      'konva/lib/Global.js',
      'konva/lib/Layer.js',
      'konva/lib/Shape.js',
      'react-konva/lib/ReactKonvaCore.js',
    ],
  },
  'src/ui': {
    from: [
      'src/geometry',
      'src/raster',
      'src/editor',
      'src/tools',
      'src/fill',
      'src/blend',
      'src/jobs',
      'src/persistence',
      'src/canvas',
      'src/api/client.ts',
      'src/codec/bridge.ts',
      // What the two speak of: the types of their values and errors.
      'src/api/apiError.ts',
      'src/api/requests.ts',
      'src/codec/protocol.ts',
      'src/codec/codecError.ts',
      'server/contract.ts',
    ],
    packages: [...react, 'radix-ui', 'lucide-react'],
  },
  'src/main.tsx': { from: ['src'], packages: react },
  'src/windowLacuna.ts': { from: ['src'], packages: [] },
  'src/randomUuid.ts': { from: [], packages: [] },
  'src/slowly.ts': { from: [], packages: [] },
};

interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** All module specifiers: imports, re-exports, dynamic imports, and workers named by `new URL(…, import.meta.url)`. */
function importsOf({ path, text }: SourceFile): string[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const exported = module.staticExports.flatMap(({ entries }) => entries.map((entry) => entry.moduleRequest));
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start + 1, end - 1),
  );
  const urls = [...text.matchAll(/new URL\(\s*'([^']+)',\s*import\.meta\.url/g)].map(
    (match) => match[1] ?? '',
  );
  const named = [...module.staticImports.map((entry) => entry.moduleRequest), ...exported];
  return [...named.flatMap((request) => (request ? [request.value] : [])), ...dynamic, ...urls];
}

const lies = (path: string, inside: string) => path === inside || path.startsWith(`${inside}/`);

/** Why `specifier` may not be imported by the file, or null. Paths are those of the repository. */
function refusal(importer: string, specifier: string): string | null {
  const local = specifier.startsWith('.');
  const target = local ? posix.join(posix.dirname(importer), specifier.replace(/\?.*$/, '')) : specifier;
  if (importer === 'server/contract.ts') return 'the contract imports nothing';
  if (target === 'openai' || target.startsWith('openai/')) {
    return importer === 'server/providers/exchange.ts'
      ? null
      : 'only server/providers/exchange.ts knows the SDK';
  }
  if (lies(importer, 'server')) {
    if (!lies(target, 'src')) return null;
    if (lies(importer, 'server/offline') && lies(target, 'src/fill')) return null;
    // What a request comes to is said once, for here and for the browser.
    if (importer === 'server/providers/offline.ts' && lies(target, 'src/fill')) return null;
    // One formula for the price that is shown and the budget that is kept.
    if (lies(importer, 'server/limits') && target === 'src/blend/price.ts') return null;
    return 'of src, the server imports only src/fill for its embedded engine, and the price from server/limits';
  }
  const room = Object.keys(rooms).find((name) => lies(importer, name));
  if (room === undefined) return 'it lies in no room';
  const { from, packages } = rooms[room]!;
  if (!local) return packages.includes(target) ? null : `${room} may not use this package`;
  return [room, ...from].some((allowed) => lies(target, allowed)) ? null : `${room} has no door there`;
}

function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const reason = refusal(file.path, specifier);
      return reason === null ? [] : [`${file.path} imports ${specifier}: ${reason}`];
    }),
  );
}

const root = fileURLToPath(new URL('..', import.meta.url));

test('rooms import only through their doors', () => {
  const paths = globSync(['src/**/*.{ts,tsx}', 'server/**/*.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.test\.tsx?$|\.d\.ts$/.test(path));
  const files = paths.map((path) => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }));
  expect(files.length).toBeGreaterThan(10);
  expect(violations(files)).toEqual([]);
});

test.each([
  ['src/raster/a.ts', "import { open } from '../editor/b.ts';"],
  ['src/raster/a.ts', "import type { Editor } from '../editor/b.ts';"],
  ['src/raster/a.ts', "export { open } from '../editor/b.ts';"],
  ['src/raster/a.ts', "export * from '../editor/b.ts';"],
  ['src/raster/a.ts', "const later = import('../editor/b.ts');"],
  ['src/geometry/a.ts', "import { createStore } from 'zustand/vanilla';"],
  ['src/codec/a.ts', "new Worker(new URL('../editor/b.ts', import.meta.url));"],
  ['src/ui/a.tsx', "import { decode } from '../codec/decode.ts';"],
  ['src/api/a.ts', "import { redact } from '../../server/errors.ts';"],
  ['src/main.tsx', "import { redact } from '../server/errors.ts';"],
  ['src/stray.ts', "import { a } from './geometry/a.ts';"],
  ['server/contract.ts', "import { z } from 'zod';"],
  ['server/routes/a.ts', "import OpenAI from 'openai';"],
  ['server/routes/a.ts', "import { fill } from '../../src/fill/fill.ts';"],
  ['server/offline/a.ts', "import { rect } from '../../src/geometry/rect.ts';"],
  ['server/limits/a.ts', "import { seam } from '../../src/blend/seam.ts';"],
  ['server/routes/a.ts', "import { costOf } from '../../src/blend/price.ts';"],
])('%s is refused: %s', (path, text) => {
  expect(violations([{ path, text }])).toHaveLength(1);
});

test.each([
  ['src/raster/a.ts', "import { b } from './b.ts'; import { rect } from '../geometry/rect.ts';"],
  ['src/api/a.ts', "import type { Model } from '../../server/contract.ts';"],
  ['src/ui/panels/a.tsx', "import { codec } from '../../codec/bridge.ts'; import './a.css';"],
  ['src/main.tsx', "import { b } from './codec/b.ts';"],
  ['server/offline/a.ts', "import { fill } from '../../src/fill/fill.ts'; import { cpus } from 'node:os';"],
  ['server/providers/exchange.ts', "import OpenAI from 'openai'; import { toFile } from 'openai/uploads';"],
  ['server/limits/a.ts', "import { costOf } from '../../src/blend/price.ts';"],
])('%s is allowed: %s', (path, text) => {
  expect(violations([{ path, text }])).toEqual([]);
});
