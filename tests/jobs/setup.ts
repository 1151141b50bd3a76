/** The jobs with everything around them, and a service that answers when the test says so. */
import { expect, vi } from 'vitest';
import type { Capabilities, ModelCapabilities } from '../../server/contract.ts';
import { NO_COMPARISON } from '../../src/blend/comparison.ts';
import type { TokenUsage } from '../../src/blend/price.ts';
import { type Document, newDocument, setMask } from '../../src/editor/document.ts';
import { createEditor } from '../../src/editor/editor.ts';
import { createSession } from '../../src/editor/session.ts';
import { pixelRect } from '../../src/geometry/rect.ts';
import type { ResultGroup } from '../../src/jobs/job.ts';
import { createJobs } from '../../src/jobs/jobs.ts';
import type { Pending, PendingStore } from '../../src/jobs/pending.ts';
import type { Answer, ImageCodec, ImageService, Sending } from '../../src/jobs/ports.ts';
import { createSpending } from '../../src/jobs/spending.ts';
import { cutMask, joinMasks } from '../../src/raster/combine.ts';
import { fillMask } from '../../src/raster/invert.ts';
import type { ImageRef } from '../../src/raster/layerStack.ts';

const model: ModelCapabilities = {
  id: 'model-1',
  service: 'openai',
  status: 'active',
  shutdown: null,
  endpoints: ['generations', 'edits', 'variations'],
  sizes: {
    kind: 'free',
    step: 16,
    minPixels: 4096,
    maxPixels: 4_194_304,
    maxEdge: 4096,
    maxRatio: 3,
    wholeUpTo: 67_108_864,
  },
  qualities: ['low', 'high'],
  defaultQuality: 'high',
  maxResults: 4,
  promptMaxChars: 100,
  input: { maxBytes: 1e7, square: false },
  outputFormats: ['png'],
  responseFormat: true,
  maskGrow: 4,
  promptedEdits: true,
  settings: null,
  markup: false,
  maxPartials: null,
  seed: true,
  pricing: {
    asOf: '2026-11-22',
    estimate: false,
    rates: { textIn: 5, imageIn: 8, imageOut: 30, textOut: 30 },
    output: { kind: 'grid', cells: { low: 16, high: 48 }, times: {} },
    input: null,
  },
};
/** Sends unfinished pictures. */
const streaming: ModelCapabilities = { ...model, id: 'streaming', maxPartials: 3 };
/** Takes small squares only; nobody knows what it costs. */
const squares: ModelCapabilities = {
  ...model,
  id: 'squares',
  sizes: { kind: 'fixed', values: ['512x512'] },
  pricing: null,
};
export const capabilities: Capabilities = {
  services: [{ id: 'openai', kind: 'openai', host: null, profile: null, mask: 'guidance', probe: null }],
  defaultModel: 'model-1',
  models: [model, squares, streaming],
  limits: { maxUploadBytes: 1e7, maxPixels: 1e7, maxEdge: 16_384 },
};

const picture = (id: string) => ({ id, width: 256, height: 256 });
export const opened = (id: string) => newDocument({ id, name: id, picture: picture(`${id}-picture`) });
export const hole = fillMask(pixelRect(64, 64, 128, 128));
export const blend = fillMask(pixelRect(66, 66, 124, 124));

interface Call {
  readonly signal: AbortSignal;
  readonly sending: Sending;
  readonly fields: Record<string, unknown>;
  answer(count: number, usage?: TokenUsage): void;
  fail(error: Error): void;
}

/** The app around the jobs, with a service that answers when the test says so. */
export function setup() {
  const editor = createEditor();
  const session = createSession();
  const calls: Call[] = [];
  const counts: { before: number; after: number }[] = [];
  const forgotten: string[] = [];
  const openings: ImageRef[] = [];
  const kept: ResultGroup[] = [];
  /** What a reload would go on with. */
  const remembered = new Map<string, Pending>();
  const pending: PendingStore = {
    put: async (one) => {
      if (!app.canStore) throw new Error('No room.');
      remembered.set(one.id, one);
    },
    remove: async ({ id }) => void remembered.delete(id),
  };
  let images = 0;
  let raws = 0;
  let sent = 0;
  let time = 1_000_000;

  const codec: ImageCodec = {
    cropForService: async () => new Blob(['image']),
    askedMask: async (_, painted, uncovered) => joinMasks(painted, uncovered),
    growForService: async (_, asked) => asked,
    scaleMask: async (_, mask) => mask,
    maskForService: async () => new Blob(['mask']),
    register: (_, { width, height }) => ({ id: `sent-${++sent}`, width, height }),
    addPicture: async (_, blob) => {
      if ((await blob.text()) === 'bad') throw Object.assign(new Error('no'), { code: 'undecodable' });
      return { ref: { id: `raw-${++raws}`, width: 64, height: 64 }, proxy: { close: () => undefined } };
    },
    compare: async () => NO_COMPARISON,
    blend: async (_, { plan, asked }) => ({
      image: { id: `image-${++images}`, width: plan.rect.width, height: plan.rect.height },
      rect: plan.rect,
      weights: asked === hole ? blend : cutMask(asked, plan.rect),
    }),
    fit: async (_, image, __, { width, height }) => ({ id: `fitted-${image.id}`, width, height }),
    flatten: async (_, __, { width, height }) => ({ id: `flattened`, width, height }),
    countChanges: async (_, before, after) => {
      counts.push({ before: before.layers.length, after: after.layers.length });
      return { outside: 0, beside: 0 };
    },
    thumbnail: async () => new Blob(['thumbnail']),
    forget: (id) => void forgotten.push(id),
  };

  const call = (signal: AbortSignal, fields: object, sending: Sending) =>
    new Promise<Answer>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(Object.assign(new Error(), { code: 'cancelled' })));
      const answer = (count: number, usage: TokenUsage | null = null) =>
        resolve({ pictures: Array.from({ length: count }, () => new Blob(['picture'])), words: null, usage });
      calls.push({ signal, sending, fields: { ...fields }, answer, fail: reject });
    });
  const attach: ImageService['attach'] = (signal, sending) => call(signal, { attach: sending.key }, sending);
  const client: ImageService = { edit: call, generate: call, vary: call, attach };
  const local: ImageService = { ...client, attach: null };

  const spending = createSpending({ load: () => null, save: () => undefined, now: () => new Date(time) });
  const jobs = createJobs({
    editor,
    session,
    spending,
    codec,
    client,
    embedded: async () => {
      if (!app.canFetchEngine) throw new TypeError('Failed to fetch');
      return local;
    },
    capabilities: async () => app.capabilities,
    openPicture: (image) => {
      openings.push(image);
      editor.open(newDocument({ id: `from-${image.id}`, name: 'new', picture: image }));
    },
    keepForLater: async (group) => void kept.push(group),
    stored: async () => app.isStored,
    pending,
    unfinished: () => app.wantsUnfinished,
    now: () => time,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  const state = jobs.store.getState;

  function openErased(id = 'one'): Document {
    editor.open(opened(id));
    editor.run('brush', setMask(hole));
    session.setAsk({ prompt: 'a meadow' });
    return editor.document()!;
  }

  const called = (count: number) => vi.waitFor(() => expect(calls.length).toBe(count));

  /** Runs the present ask and answers it with `count` pictures. */
  async function runAndAnswer(count: number) {
    pass(10_000);
    const done = jobs.run();
    const before = calls.length;
    await called(before + 1);
    calls.at(-1)!.answer(count);
    await done;
  }

  const selectedResult = () =>
    state()
      .groups.flatMap(({ results }) => results)
      .find(({ id }) => id === state().selected?.resultId);

  const app = {
    editor,
    session,
    jobs,
    spending,
    codec,
    calls,
    counts,
    forgotten,
    openings,
    kept,
    pass,
    pending,
    remembered,
    unfinished: () => false,
    isStored: true,
    capabilities,
    canStore: true,
    canFetchEngine: true,
    wantsUnfinished: false,
    state,
    openErased,
    called,
    runAndAnswer,
    selectedResult,
  };
  return app;
}

export type JobsApp = ReturnType<typeof setup>;
