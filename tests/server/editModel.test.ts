import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Capabilities, ImagesReply } from '../../server/contract.ts';
import { openEditModel } from '../../server/offline/editModel.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { hasOnnxRuntime } from '../onnxRuntime.ts';
import { fourChannelFile, lamaFile, miganFile, onnxFile } from './onnxFile.ts';
import { startServer } from './serverProcess.ts';
import { file, form, paintPng, serve, soon } from './support.ts';

async function fileOf(model: Uint8Array, name = 'model.onnx'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-model-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), model);
  return join(folder, name);
}

const start = async (model: Uint8Array) =>
  serve(createOfflineProvider({ threads: 1, editModel: await openEditModel(await fileOf(model)) }));

/** Partly transparent, and of a size that is no multiple of anything. */
const paint = (x: number, y: number) =>
  [(x * 7) % 256, (y * 5) % 256, (x + y) % 256, x < 10 ? 90 : 255] as const;

interface Asked {
  readonly width?: number;
  readonly height?: number;
  readonly hole: (x: number, y: number) => boolean;
  readonly seed?: string;
}

/** Edits a picture over HTTP; `changed`: how many pixels outside the hole came back different. */
async function edit(url: string, { width = 101, height = 83, hole, seed = '2' }: Asked) {
  const image = await paintPng(width, height, paint);
  const mask = await paintPng(width, height, (x, y) => [0, 0, 0, hole(x, y) ? 0 : 255]);
  const body = form({ image: file(image), mask: file(mask), prompt: 'x', seed, response_format: 'b64_json' });
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body });
  expect(response.status).toBe(200);
  const reply = (await response.json()) as ImagesReply;
  const made = sharp(Buffer.from(reply.data[0]!.b64_json!, 'base64'));
  expect((await made.metadata()).comments?.[0]?.text).toContain("a model of the operator's own");
  const { data, info } = await made.raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([width, height, 4]);
  const filled: number[][] = [];
  let changed = 0;
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const pixel = [...data.subarray(at * 4, at * 4 + 4)];
    if (hole(x, y)) filled.push(pixel);
    else if (pixel.join() !== paint(x, y).join()) changed++;
  }
  return { filled, changed, notices: reply.notices };
}

const blob = (x: number, y: number) => x >= 30 && x < 60 && y >= 20 && y < 50;

// Threads and a runtime of 14 MB are started for each.
describe.runIf(hasOnnxRuntime())('a model of the operator’s own', { timeout: 30_000 }, () => {
  test.each([
    ['LaMa, 0..1', lamaFile(), 64],
    ['LaMa, 0..255', lamaFile({ range: 255 }), 64],
    ['LaMa of any size', lamaFile({ side: 'side', batch: 'batch' }), 64],
    ['one input of four channels', fourChannelFile(128), 64],
    ['the pipeline of MI-GAN', miganFile(), 200],
  ])('%s fills the hole and nothing else', async (_, model, level) => {
    expect(model.length).toBeLessThan(1000);
    const { url } = await start(model);
    const { filled, changed, notices } = await edit(url, { hole: blob });
    expect(changed).toBe(0);
    expect(filled).toHaveLength(900);
    expect(new Set(filled.map(String))).toEqual(new Set([`${level},${level},${level},255`]));
    expect(notices).toBeUndefined();
  });

  test('alpha stays as it is; what was transparent becomes opaque', async () => {
    const { url } = await start(miganFile());
    const { filled, changed } = await edit(url, { hole: (x, y) => x < 20 && y < 40 });
    expect(changed).toBe(0);
    expect(new Set(filled.map(([, , , alpha]) => alpha))).toEqual(new Set([90, 255]));
  });

  test('several holes are filled one by one', async () => {
    const { url } = await start(fourChannelFile(160));
    const corners = (x: number, y: number) => (x < 4 && y < 4) || (x > 890 && y > 290);
    const { filled, changed, notices } = await edit(url, { width: 900, height: 300, hole: corners });
    expect(changed).toBe(0);
    expect(new Set(filled.map(([red]) => red))).toEqual(new Set([64]));
    expect(notices).toBeUndefined();
  });

  test('a hole that is large for the model is filled from a smaller picture, and that is said', async () => {
    const { url } = await start(fourChannelFile(64));
    const square = (x: number, y: number) => x >= 100 && x < 250 && y >= 100 && y < 250;
    const { filled, changed, notices } = await edit(url, { width: 320, height: 320, hole: square });
    expect(changed).toBe(0);
    // At its rim what the model makes of the surroundings is mixed in.
    const inner = filled.filter(
      (_, at) => Math.min(at % 150, 149 - (at % 150), at / 150, 149 - at / 150) > 5,
    );
    expect(new Set(inner.map(([red]) => red))).toEqual(new Set([64]));
    expect(notices).toEqual([{ code: 'soft_fill', message: expect.stringContaining('5.0 times') }]);
  });

  test('a request that is given up ends at once, and the next one is answered', async () => {
    const editModel = await openEditModel(await fileOf(lamaFile()));
    onTestFinished(() => editModel.pool.close());
    const side = 4096;
    const rgba = new Uint8Array(new SharedArrayBuffer(side * side * 4)).fill(200);
    const task = {
      kind: 'fill',
      width: side,
      height: side,
      rgba,
      hole: new Uint8Array(side * side).fill(1),
      seed: 0,
    } as const;
    const abort = new AbortController();
    const running = editModel.pool.run(abort.signal, task);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begin = performance.now();
    abort.abort(new Error('changed my mind'));
    await expect(running).rejects.toThrow('changed my mind');
    expect(performance.now() - begin).toBeLessThan(100);
    const small = { ...task, width: 1, height: 1, rgba: rgba.subarray(0, 4), hole: Uint8Array.of(1) };
    const { rgba: filled } = await editModel.pool.run(new AbortController().signal, small);
    expect([...filled]).toEqual([64, 64, 64, 200]);
  });

  test('a run that fails is an error of the server, and the next one begins anew', async () => {
    const { url, refused } = await start(lamaFile({ side: 'side', columns: 512 }));
    const image = file(await paintPng(101, 83, paint));
    const mask = file(await paintPng(101, 83, (x, y) => [0, 0, 0, blob(x, y) ? 0 : 255]));
    expect(await refused('/v1/images/edits', form({ image, mask, prompt: 'x' }))).toMatchObject({
      status: 500,
      code: 'internal_error',
      message: 'The embedded engine failed on this picture.',
    });
    const wide = await edit(url, { width: 512, height: 300, hole: (x, y) => x > 150 && x < 300 && y > 90 });
    expect(wide.changed).toBe(0);
    expect(new Set(wide.filled.map(([red]) => red))).toEqual(new Set([64]));
  });

  test('the browser is told of it, by its name without the folder', async () => {
    const { url } = await start(miganFile());
    const { services, models } = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
    expect(services).toEqual([expect.objectContaining({ id: 'embedded', editModel: 'model.onnx' })]);
    expect(models[0]!.promptedEdits).toBe(false);
  });

  test('the server says that it edits with it', async () => {
    const { output } = await startServer({ LACUNA_ONNX_MODEL: await fileOf(miganFile()) });
    // It loads and tries the model before it listens.
    const told = () => expect(output()).toContain('edits of the embedded engine: by model.onnx');
    await vi.waitFor(told, { timeout: 20_000, interval: 100 });
    const [url = ''] = /http:\/\/\S+/.exec(output()) ?? [];
    expect((await edit(url, { hole: blob })).filled[0]).toEqual([200, 200, 200, 255]);
  });

  const strange = onnxFile({
    inputs: [{ name: 'words', type: 'int64', shape: ['b', 77] }],
    outputs: [{ name: 'y', type: 'int64', shape: ['b', 77] }],
    constants: [],
    nodes: [{ op: 'Identity', inputs: ['words'], output: 'y' }],
  });

  test.each([
    ['is cut short', lamaFile().subarray(0, 100), 'onnxruntime cannot load it'],
    ['has other inputs', strange, 'its inputs and outputs are not understood: words int64[b, 77]'],
    ['wants several pictures at once', lamaFile({ batch: 4 }), 'its inputs and outputs are not understood'],
  ])('a file that %s is refused', async (_, model, reason) => {
    await expect(openEditModel(await fileOf(model))).rejects.toThrow(reason);
  });

  test('without its package it is refused, with what to do', async () => {
    const opening = openEditModel(await fileOf(lamaFile()), 'onnxruntime-nowhere');
    await expect(opening).rejects.toThrow('npm install onnxruntime-nowhere');
  });

  test('a server whose model is broken does not start', async () => {
    const { ended, output } = await startServer({ LACUNA_ONNX_MODEL: await fileOf(Buffer.from('nonsense')) });
    expect(await soon(ended, 'the end')).toBe(1);
    expect(output()).toContain(
      'Lacuna cannot start with the model of LACUNA_ONNX_MODEL: onnxruntime cannot load it',
    );
  });
});

test('a server whose model is not there does not start', async () => {
  const { ended, output } = await startServer({ LACUNA_ONNX_MODEL: '/nowhere/model.onnx' });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain('there is no file /nowhere/model.onnx');
});
