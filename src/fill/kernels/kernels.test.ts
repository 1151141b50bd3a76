import asc from 'assemblyscript/asc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillHole } from '../fillHole.ts';
import { type Arena, createArena, createMemory, type Memory } from '../memory.ts';
import type { FillRequest } from '../picture.ts';
import { createRandom } from '../random.ts';
import { CONTROL_BYTES, type Crew, createSolo, createTeam } from '../team.ts';
import { drawPicture } from '../testPictures.ts';
import { plainKernels } from './plain.ts';
import { wasmKernels } from './wasm.ts';

const ROOM = 'src/fill/';

async function compile(): Promise<Uint8Array> {
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(
    [
      ...[
        `${ROOM}assembly/kernels.ts`,
        '--outFile',
        'kernels.wasm',
        '-O3',
        '--noAssert',
        '--runtime',
        'stub',
      ],
      ...['--enable', 'simd,threads', '--importMemory', '--sharedMemory', '--initialMemory', '1'],
      ...['--maximumMemory', '65536', '--memoryBase', '512', '--use', 'abort='],
    ],
    {
      writeFile(name, contents) {
        if (name === 'kernels.wasm') wasm = new Uint8Array(contents as Uint8Array);
      },
    },
  );
  expect(stderr.toString()).toBe('');
  expect(error).toBeNull();
  return wasm;
}

/** `npx vitest run --project unit src/fill/kernels -u` compiles them anew. */
test('the bytes in wasmBytes.ts are what the AssemblyScript beside them compiles to', async () => {
  const base64 = Buffer.from(await compile()).toString('base64');
  const lines = base64.match(/.{1,100}/g)!.map((line) => `  '${line}'`);
  await expect(
    `/** Compiled from \`assembly/\`; a test makes them and compares. */\nexport const WASM_BASE64 =\n${lines.join(' +\n')};\n`,
  ).toMatchFileSnapshot('./wasmBytes.ts');
});

const GUARD = 64;

/** Memory full of one value, and arrays with a guard of it before and after each. */
function guardedCrew(value: number, kernels: (memory: Memory) => ReturnType<typeof plainKernels>) {
  const guards: Uint8Array[] = [];
  const createCrew = (bytes: number): Crew => {
    const memory = createMemory(bytes + 1_000_000);
    new Uint8Array(memory.buffer, 1024).fill(value);
    const arena = (): Arena => {
      guards.length = 0;
      const inner = createArena(memory);
      const guard = () => guards.push(new Uint8Array(memory.buffer, inner.take(GUARD), GUARD));
      guard();
      return {
        memory,
        take(size) {
          const at = inner.take(size);
          guard();
          return at;
        },
      };
    };
    return { team: createSolo(kernels(memory), undefined), arena };
  };
  return { createCrew, damaged: () => guards.filter((guard) => guard.some((byte) => byte !== value)).length };
}

const wasm = (memory: Memory) => wasmKernels(memory)!;

/** Pictures of any size with holes of any shape, alpha now and then. */
const requests = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 70 }),
    rects: fc.array(fc.tuple(fc.nat(69), fc.nat(69), fc.integer({ min: 1, max: 40 }), fc.nat(1)), {
      maxLength: 5,
    }),
    mostly: fc.boolean(),
    transparent: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ width, height, rects, mostly, transparent, seed }): FillRequest => {
    const random = createRandom(seed);
    const picture = drawPicture(width, height, (x, y) => [
      (x * 5 + random.below(20)) & 255,
      y * 3,
      random.below(256),
      transparent && (x * 3 + y * 5) % 17 < 4 ? 0 : 255,
    ]);
    const hole = new Uint8Array(width * height).fill(mostly ? 1 : 0);
    for (const [left, top, size, value] of rects)
      for (let y = top; y < Math.min(height, top + size); y++)
        for (let x = left; x < Math.min(width, left + size); x++) hole[y * width + x] = value;
    return { ...picture, hole, seed };
  });

test('WebAssembly and plain kernels give the same bytes, whatever lay in memory before; nothing else is written', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const [first, second, third] = [
        guardedCrew(0x00, wasm),
        guardedCrew(0xa5, wasm),
        guardedCrew(0xff, plainKernels),
      ];
      const expected = fillHole(request);
      for (const crew of [first, second, third]) {
        expect(fillHole(request, { createCrew: crew.createCrew })).toEqual(expected);
        expect(crew.damaged()).toBe(0);
      }
    }),
    { numRuns: 150 },
  );
});

test('a guard says when something was written beside an array', () => {
  const crew = guardedCrew(7, plainKernels);
  const arena = crew.createCrew(1000).arena();
  const at = arena.take(16);
  expect(crew.damaged()).toBe(0);
  new Uint8Array(arena.memory.buffer)[at + 16] = 1;
  expect(crew.damaged()).toBe(1);
});

test('a team without assistants does all bands by itself', () => {
  const request = { ...drawPicture(300, 300, (x, y) => [x & 255, y & 255, (x * y) & 255]), seed: 3 };
  const hole = new Uint8Array(300 * 300).fill(1, 30_000, 60_000);
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  let bands = 0;
  const createCrew = (bytes: number): Crew => {
    const memory = createMemory(bytes);
    const run = wasm(memory);
    const counted: typeof run = (...args) => {
      bands++;
      return run(...args);
    };
    return { team: createTeam(counted, control, undefined), arena: () => createArena(memory) };
  };
  expect(fillHole({ ...request, hole }, { createCrew })).toEqual(fillHole({ ...request, hole }));
  expect(bands).toBeGreaterThan(100);
});
