/** The app's stores around real persistence, for the tests in a browser: no canvas, no server. */
import { NO_COMPARISON } from '../../src/blend/comparison.ts';
import { addLayers, newDocument, setMask } from '../../src/editor/document.ts';
import { createEditor } from '../../src/editor/editor.ts';
import { type Layer, newLayer } from '../../src/editor/layer.ts';
import { createSession } from '../../src/editor/session.ts';
import { pixelRect } from '../../src/geometry/rect.ts';
import type { ResultGroup } from '../../src/jobs/job.ts';
import { createJobs } from '../../src/jobs/jobs.ts';
import type { Answer, ImageCodec, Sending } from '../../src/jobs/ports.ts';
import { createSpending } from '../../src/jobs/spending.ts';
import { createAutosave, type ImageStore } from '../../src/persistence/autosave.ts';
import { createDatabase, STORES } from '../../src/persistence/database.ts';
import { createLibrary } from '../../src/persistence/library.ts';
import { createPreferences } from '../../src/persistence/preferences.ts';
import { denseTile } from '../../src/raster/denseTile.ts';
import { fillMask } from '../../src/raster/invert.ts';
import { type Mask, tileKey } from '../../src/raster/mask.ts';

/** Bytes instead of pixels: an image is what was put in under its id. */
const images = new Map<string, Blob>();

/** Keeps bytes under a new id. */
function kept(blob: Blob): string {
  const id = crypto.randomUUID();
  images.set(id, blob);
  return id;
}

const proxy = { close: () => undefined };

const codec: ImageStore & ImageCodec = {
  open: async (_, blob, id) => void images.set(id, blob),
  hold: (id, blob) => void images.set(id, blob),
  blob: async (id) => images.get(id) ?? Promise.reject(new Error(`No image ${id}`)),
  thumbnail: async (_, { picture, layers }) => new Blob([`thumbnail of ${picture.id} + ${layers.length}`]),
  cropForService: async () => new Blob(['crop']),
  askedMask: async (_, painted) => painted,
  growForService: async (_, asked) => asked,
  scaleMask: async (_, mask) => mask,
  maskForService: async () => new Blob(['mask']),
  register: (blob, { width, height }) => ({ id: kept(blob), width, height }),
  compare: async () => NO_COMPARISON,
  blend: async (_, { raw, plan, asked }) => ({
    image: { id: kept(images.get(raw.id)!), width: plan.rect.width, height: plan.rect.height },
    rect: plan.rect,
    weights: asked,
  }),
  fit: async (_, image, __, { width, height }) => ({ id: kept(images.get(image.id)!), width, height }),
  flatten: async (_, __, { width, height }) => ({ id: kept(new Blob(['flat'])), width, height }),
  addPicture: async (_, blob) => ({ ref: { id: kept(blob), width: 64, height: 64 }, proxy }),
  countChanges: async () => ({ outside: 0, beside: 0 }),
  forget: (id) => void images.delete(id),
};

const editor = createEditor();
const session = createSession();
const database = createDatabase();
const library = createLibrary(database);

/** Answers of the service that the test lets go one by one. */
const answers: (() => void)[] = [];
/** Under which it was asked for them. */
const keys: string[] = [];
const answer = (_: AbortSignal, __: object, { key }: Sending) =>
  new Promise<Answer>((resolve) => {
    keys.push(key);
    answers.push(() =>
      resolve({ pictures: [new Blob(['result one']), new Blob(['result two'])], words: null, usage: null }),
    );
  });

const spending = createSpending({ load: () => null, save: () => undefined, now: () => new Date() });

const jobs = createJobs({
  editor,
  spending,
  session,
  codec,
  client: {
    edit: answer,
    generate: answer,
    vary: answer,
    attach: (signal, sending) => answer(signal, {}, sending),
  },
  embedded: () => Promise.reject(),
  capabilities: async () => ({
    services: [{ id: 'e', kind: 'openai' }],
    defaultModel: 'm',
    models: [
      {
        id: 'm',
        service: 'e',
        endpoints: ['generations', 'edits', 'variations'],
        sizes: {
          kind: 'free',
          step: 16,
          minPixels: 4096,
          maxPixels: 4e6,
          maxEdge: 4096,
          maxRatio: 3,
          wholeUpTo: 67_108_864,
        },
        qualities: [],
        defaultQuality: null,
        maxResults: 10,
        promptMaxChars: 1000,
        responseFormat: true,
        seed: true,
        maxPartials: null,
        maskGrow: 4,
        promptedEdits: true,
        pricing: null,
      },
    ],
  }),
  openPicture: (image) => editor.open(newDocument({ id: crypto.randomUUID(), name: 'made', picture: image })),
  keepForLater: (group) => autosave.keepForLater(group),
  stored: () => autosave.flush(),
  pending: {
    put: (pending) => autosave.pending.put(pending),
    remove: (pending) => autosave.pending.remove(pending),
  },
  unfinished: () => false,
});
const autosave = createAutosave({ editor, session, jobs, codec, library });
const preferences = createPreferences();

const maskText = (mask: Mask) =>
  [...mask.tiles]
    .sort(([a], [b]) => a - b)
    .map(([key, tile]) => {
      if (typeof tile === 'number') return `${key}=${tile}`;
      return `${key}=${tile.bytes().reduce((hash, value) => (hash * 31 + value) >>> 0, 7)}`;
    })
    .join(' ');

const layerText = async ({ mask, weights, erased, origin, ...layer }: Layer) => ({
  ...layer,
  masks: [mask, weights, erased].map(maskText),
  origin:
    origin.kind === 'result'
      ? {
          ...origin,
          asked: maskText(origin.asked),
          bytes: [await images.get(origin.raw.id)?.text(), await images.get(origin.sent.id)?.text()],
        }
      : origin,
  bytes: await images.get(layer.image.id)?.text(),
});

const groupText = async (group: ResultGroup) => ({
  id: group.id,
  prompt: group.ask.prompt,
  snapshot: group.snapshot && [group.snapshot.id, maskText(group.snapshot.mask)],
  asked: group.asked && maskText(group.asked),
  results: await Promise.all(
    group.results.map(async ({ layers, picture, thumbnail }) => [
      picture,
      await Promise.all(layers.map(layerText)),
      await thumbnail.text(),
    ]),
  ),
});

const harness = {
  editor,
  session,
  jobs,
  autosave,
  library,
  preferences,
  database,
  answers,
  keys,

  open(name: string, bytes = `picture ${name}`) {
    const picture = { id: `picture-${name}`, width: 600, height: 400 };
    images.set(picture.id, new Blob([bytes]));
    editor.open(newDocument({ id: name, name, picture }));
  },
  erase(x: number) {
    editor.run('brush', setMask(fillMask(pixelRect(x, 20, 300, 301))));
  },
  addLayer(id: string) {
    const rect = pixelRect(0, 0, 600, 400);
    images.set(id, new Blob([id]));
    const image = { id, width: 600, height: 400 };
    const mask = fillMask(pixelRect(3, 4, 50, 60));
    editor.run('accept', addLayers([newLayer(id, { image, rect, weights: mask }, { kind: 'merged' })]));
  },
  async edit(prompt: string) {
    session.setAsk({ prompt, count: 2 });
    const done = jobs.run();
    while (answers.length === 0) await new Promise((next) => setTimeout(next, 5));
    answers.shift()!();
    await done;
  },
  /** Everything that a reload must not lose, as data. */
  async state() {
    const document = editor.document();
    return {
      document: document && {
        ...document,
        picture: [document.picture, await images.get(document.picture.id)?.text()],
        layers: await Promise.all(document.layers.map(layerText)),
        reblended: [],
        mask: maskText(document.mask),
        settledGroups: [],
      },
      ask: session.store.getState().ask,
      waiting: await Promise.all(jobs.waiting().map(groupText)),
    };
  },
  /** The whole timeline, as data. */
  async timeline() {
    const { history } = editor.store.getState();
    if (!history) return null;
    const { index, dropped } = history;
    const steps = history.entries.map(async ({ label, at, document }) => ({
      label,
      at,
      frame: document.frame,
      mask: maskText(document.mask),
      layers: await Promise.all(document.layers.map(layerText)),
      settled: [...document.settledGroups],
    }));
    return { index, dropped, steps: await Promise.all(steps) };
  },
  /** A step whose tile can't be packed: 64 kB in the document, and twice that in each step that changes it. */
  eraseNoise() {
    const bytes = new Uint8Array(65_536);
    crypto.getRandomValues(bytes);
    editor.run('brush', setMask({ tiles: new Map([[tileKey(0, 0), denseTile(bytes)]]) }));
  },
  /** How many entries each store of the database holds. */
  async counts() {
    const db = await database.get();
    return Object.fromEntries(
      await Promise.all(STORES.map(async (store) => [store, await db.count(store)] as const)),
    );
  },
  async recent() {
    return Promise.all(
      (await library.recent()).map(async ({ id, name, width, height, thumbnail }) => [
        id,
        name,
        width,
        height,
        await thumbnail.text(),
      ]),
    );
  },
};

declare global {
  interface Window {
    harness: typeof harness;
    restored: boolean;
  }
}

window.restored = await autosave.restoreTab();
window.harness = harness;
