import { expect, test } from 'vitest';
import { DEFAULT_BLEND } from '../blend/blendSettings.ts';
import { addLayers, newDocument, setMask, setReblended, settleGroups } from '../editor/document.ts';
import { type Layer, newLayer, withErased } from '../editor/layer.ts';
import { initialAsk } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import type { ResultGroup } from '../jobs/job.ts';
import { fillMask } from '../raster/invert.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import {
  liveDocument,
  liveGroup,
  NO_MASK,
  parseRecord,
  RECORD_VERSION,
  referencesOfRecord,
  storeDocument,
  storeGroup,
} from './record.ts';

const image = (id: string) => ({ id, width: 300, height: 200 });
const painted = fillMask(pixelRect(10, 10, 40, 40));
const blend = fillMask(pixelRect(12, 12, 36, 36));
const erased = fillMask(pixelRect(15, 15, 5, 5));
const spill = fillMask(pixelRect(50, 10, 8, 8));
const rect = pixelRect(0, 0, 300, 200);
const plan = { rect, sent: { width: 304, height: 208 }, scale: 1, padded: { right: 4, bottom: 8 } };
const made = { mode: 'edit', prompt: 'x', model: 'm', quality: null, at: 7 } as const;

/** A layer that was blended from an answer, with what the comparison found. */
const resultLayer = (id: string): Layer =>
  newLayer(
    id,
    { image: image(`image of ${id}`), rect, weights: blend },
    {
      kind: 'result',
      raw: image(`raw of ${id}`),
      sent: image('sent'),
      plan,
      asked: painted,
      comparison: {
        fit: { kind: 'moved', registration: { scaleX: 1.01, scaleY: 1, shiftX: 2.5, shiftY: -1 } },
        colour: { gain: [1, 1.1, 0.9], gamma: [1, 1, 1.05] },
        spill,
      },
      settings: { ...DEFAULT_BLEND, grow: 3, include: true },
      made,
    },
  );
const placed = newLayer(
  'placed',
  { image: image('fitted'), rect, weights: blend },
  { kind: 'placed', raw: image('generated'), made: { ...made, mode: 'generate' } },
);
const merged = newLayer('merged', { image: image('flat'), rect, weights: blend }, { kind: 'merged' });

const plain = setMask(painted)(newDocument({ id: 'd', name: 'Meadow', picture: image('p') }));
const document = setReblended('r', [resultLayer('again')])(
  addLayers([withErased(resultLayer('l'), erased), placed, merged])(plain),
);
const group: ResultGroup = {
  id: 'g',
  mode: 'edit',
  ask: { ...initialAsk, prompt: 'x' },
  createdAt: 5,
  snapshot: plain,
  asked: painted,
  results: [
    { id: 'r', layers: [resultLayer('result')], picture: null, thumbnail: new Blob() },
    {
      id: 's',
      layers: [],
      picture: { image: image('whole'), raw: image('whole'), made },
      thumbnail: new Blob(),
    },
  ],
  words: { used: ['x'], ignored: [] },
};

const named = new Map<string, Mask>([
  ['painted', painted],
  ['blend', blend],
  ['erased', erased],
  ['spill', spill],
  [NO_MASK, emptyMask],
]);
const name = (mask: Mask) => [...named].find(([, known]) => known === mask)?.[0] ?? expect.unreachable();

const stored = (change: object = {}): unknown => ({
  version: RECORD_VERSION,
  id: 'd',
  savedAt: 1,
  document: storeDocument(document, name),
  ask: initialAsk,
  groups: [storeGroup(group, name)],
  ...change,
});

test('what is stored is data, and comes back as it was', () => {
  const record = parseRecord(structuredClone(stored()));
  expect(liveDocument(record.document!, named, 'd')).toEqual(document);
  expect(liveGroup(record.groups[0]!, named, 'd')).toEqual(group);
});

test('groups that were settled are not remembered as such: they are not stored', () => {
  const settled = settleGroups(['old'])(document);
  expect(storeDocument(settled, name)).toEqual(storeDocument(document, name));
});

test('a copy has an id of its own, in the snapshots of its groups too', () => {
  const record = parseRecord(stored());
  expect(liveDocument(record.document!, named, 'copy').id).toBe('copy');
  expect(liveGroup(record.groups[0]!, named, 'copy').snapshot!.id).toBe('copy');
});

test('references name every picture and every mask once', () => {
  const { images, masks } = referencesOfRecord(parseRecord(stored()));
  expect([...images].sort()).toEqual(
    [
      ...['l', 'again', 'result'].flatMap((id) => [`image of ${id}`, `raw of ${id}`]),
      ...['sent', 'fitted', 'generated', 'flat', 'p', 'whole'],
    ].sort(),
  );
  expect([...masks].sort()).toEqual(['blend', 'erased', 'painted', 'spill']);
});

test('a mask that is missing is an error, not an empty mask', () => {
  const record = parseRecord(stored());
  expect(() => liveDocument(record.document!, new Map(), 'd')).toThrowError(
    expect.objectContaining({ code: 'missing' }),
  );
});

test('a record of version 1 is read: a layer without a way to be blended again, results of both kinds', () => {
  const layer1 = { id: 'l', image: image('layer'), rect, mask: 'blend', visible: true };
  const base = { id: 'd', name: 'Meadow', frame: rect, picture: image('p'), mask: 'painted' };
  const group1 = {
    id: 'g',
    mode: 'edit',
    ask: initialAsk,
    createdAt: 5,
    snapshot: { ...base, layers: [] },
    plan,
    results: [
      {
        id: 'r',
        image: image('result'),
        layer: { ...layer1, image: image('result') },
        thumbnail: new Blob(),
      },
      { id: 's', image: image('whole'), layer: null, thumbnail: new Blob() },
    ],
    words: null,
  };
  const record = parseRecord({
    version: 1,
    id: 'd',
    savedAt: 1,
    document: { ...base, layers: [layer1] },
    ask: initialAsk,
    groups: [group1],
  });
  expect(liveDocument(record.document!, named, 'd')).toEqual(
    addLayers([newLayer('l', { image: image('layer'), rect, weights: blend }, { kind: 'merged' })])(plain),
  );
  const { asked, results } = liveGroup(record.groups[0]!, named, 'd');
  expect(asked).toBe(painted);
  expect(results.map(({ layers, picture }) => [layers.length, picture?.image.id])).toEqual([
    [1, undefined],
    [0, 'whole'],
  ]);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'malformed'],
  ['a text', 'x', 'malformed'],
  ['no version', stored({ version: undefined }), 'malformed'],
  ['a newer version', stored({ version: RECORD_VERSION + 1, groups: 'unknown shape' }), 'newer'],
  ['a document without a frame', stored({ document: { id: 'd' } }), 'malformed'],
  ['an unknown mode', stored({ ask: { ...initialAsk, mode: 'paint' } }), 'malformed'],
  ['a count beyond ten', stored({ ask: { ...initialAsk, count: 11 } }), 'malformed'],
  ['a time that is no number', stored({ savedAt: Number.NaN }), 'malformed'],
  ['groups that are no list', stored({ groups: {} }), 'malformed'],
])('%s is refused', (_, value, code) => {
  expect(() => parseRecord(value)).toThrowError(expect.objectContaining({ name: 'StoredDataError', code }));
});

test('a layer that was moved far away is read again', () => {
  const far = setMask(painted)({
    ...document,
    layers: [{ ...placed, rect: pixelRect(-90_000, 400_000, 300, 200) }],
  });
  const { layers } = parseRecord(stored({ document: storeDocument(far, name) })).document!;
  expect(layers[0]!.rect).toEqual(pixelRect(-90_000, 400_000, 300, 200));
});

test('an error names the place', () => {
  const { picture: _, ...rest } = storeDocument(document, name);
  expect(() => parseRecord(stored({ document: rest }))).toThrow(
    'document.document.picture: an object expected',
  );
});
