import { expect, test } from 'vitest';
import { addRasterLayer, newDocument, setMask, settleGroups } from '../editor/document.ts';
import { initialAsk } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import type { ResultGroup } from '../jobs/job.ts';
import { fillMask } from '../raster/invert.ts';
import type { Mask } from '../raster/mask.ts';
import {
  liveDocument,
  liveGroup,
  parseRecord,
  RECORD_VERSION,
  referencesOfRecord,
  storeDocument,
  storeGroup,
} from './record.ts';

const image = (id: string) => ({ id, width: 300, height: 200 });
const painted = fillMask(pixelRect(10, 10, 40, 40));
const blend = fillMask(pixelRect(12, 12, 36, 36));
const rect = pixelRect(0, 0, 300, 200);
const layer = { id: 'l', image: image('layer'), rect, mask: blend, visible: true };

const plain = setMask(painted)(newDocument({ id: 'd', name: 'Meadow', picture: image('p') }));
const document = addRasterLayer(layer)(plain);
const group: ResultGroup = {
  id: 'g',
  mode: 'edit',
  ask: { ...initialAsk, prompt: 'x' },
  createdAt: 5,
  snapshot: plain,
  plan: { rect, sent: { width: 304, height: 208 }, scale: 1, padded: { right: 4, bottom: 8 } },
  results: [
    { id: 'r', image: image('result'), layer: { ...layer, image: image('result') }, thumbnail: new Blob() },
  ],
  words: { used: ['x'], ignored: [] },
};

const named = new Map<string, Mask>([
  ['painted', painted],
  ['blend', blend],
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
  expect([...images].sort()).toEqual(['layer', 'p', 'result']);
  expect([...masks].sort()).toEqual(['blend', 'painted']);
});

test('a mask that is missing is an error, not an empty mask', () => {
  const record = parseRecord(stored());
  expect(() => liveDocument(record.document!, new Map(), 'd')).toThrowError(
    expect.objectContaining({ code: 'missing' }),
  );
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

test('an error names the place', () => {
  const { picture: _, ...rest } = storeDocument(document, name);
  expect(() => parseRecord(stored({ document: rest }))).toThrow(
    'document.document.picture: an object expected',
  );
});
