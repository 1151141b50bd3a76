import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addLayers,
  type Command,
  type Document,
  moveLayer,
  newDocument,
  removeLayer,
  replaceLayer,
  setFrame,
  setMask,
  setReblended,
  settleGroups,
} from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { historyOf } from '../editor/history.ts';
import { type Layer, newLayer, withErased } from '../editor/layer.ts';
import { initialAsk } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import type { ResultGroup } from '../jobs/job.ts';
import { beginDraft } from '../raster/draft.ts';
import { fillMask, invertMask } from '../raster/invert.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import { atOnce } from '../slowly.ts';
import { createRecorder, type Moment } from './moment.ts';
import { parseRecord } from './record.ts';
import { parseHistory, type RecordedHistory } from './storedHistory.ts';
import { parseStep } from './storedStep.ts';
import type { Change } from './write.ts';

const blank = newDocument({ id: 'd', name: 'Meadow', picture: { id: 'p', width: 900, height: 700 } });
const rect = pixelRect(0, 0, 900, 700);

function stroke(mask: Mask, x: number): Mask {
  const draft = beginDraft(mask, rect);
  const from = { x, y: 100, pressure: 1 };
  const tip = { diameter: 90, hardness: 0.5, opacity: 1 };
  strokeCapsule(draft, 'erase', tip, from, { x: x + 60, y: 300, pressure: 1 });
  return draft.commit();
}

const layer = (id: string, x: number): Layer =>
  newLayer(
    id,
    { image: { id: `image ${id}`, width: 900, height: 700 }, rect, weights: stroke(emptyMask, x) },
    { kind: 'merged' },
  );

const group = (id: string): ResultGroup => ({
  id,
  mode: 'edit',
  ask: initialAsk,
  createdAt: 5,
  snapshot: null,
  asked: null,
  results: [{ id: `r ${id}`, layers: [layer(`of ${id}`, 40)], picture: null, thumbnail: new Blob() }],
  words: null,
});

/** One thing of each kind that a step can change. */
const commands: readonly ((n: number) => Command)[] = [
  (n) => (document) => setMask(stroke(document.mask, n))(document),
  (n) => (document) => setMask(stroke(document.mask, n + 5))(document),
  () => (document) => setMask(invertMask(document.mask, document.frame))(document),
  () => setMask(emptyMask),
  (n) => addLayers([layer(`l${n}`, n)]),
  (n) => (document) => {
    const [one] = document.layers;
    return one ? replaceLayer(withErased(one, stroke(one.erased, n)))(document) : document;
  },
  () => (document) => {
    const one = document.layers.at(-1);
    return one ? replaceLayer({ ...one, visible: !one.visible })(document) : document;
  },
  () => (document) => moveLayer(document.layers[0]?.id ?? '', 1)(document),
  () => (document) => removeLayer(document.layers[0]?.id ?? '')(document),
  (n) => setFrame(pixelRect(-n, 0, 900 + n, 700)),
  (n) => settleGroups([`g${n % 3}`]),
  (n) => setReblended('r g0', [layer('again', n)]),
];

/** As data that can be compared: masks by what they cover. */
const masks = new WeakMap<Mask, string>();
function maskText(mask: Mask): string {
  const text =
    masks.get(mask) ??
    [...mask.tiles]
      .sort(([a], [b]) => a - b)
      .map(([key, tile]) => {
        const value = typeof tile === 'number' ? tile : Buffer.from(tile.bytes()).toString('base64');
        return `${key}=${value}`;
      })
      .join(' ');
  masks.set(mask, text);
  return text;
}
const layerData = ({ mask, weights, erased, ...rest }: Layer) => ({
  ...rest,
  masks: [mask, weights, erased].map(maskText),
});
const plain = (document: Document) => ({
  ...document,
  mask: maskText(document.mask),
  layers: document.layers.map(layerData),
  reblended: [...document.reblended].map(([id, layers]) => [id, layers.map(layerData)]),
});

const moment = (editor: ReturnType<typeof createEditor>, groups: readonly ResultGroup[] = []): Moment => {
  const { document, history } = editor.store.getState();
  const settled = groups.filter(({ id }) => document!.settledGroups.has(id));
  return {
    id: 'd',
    document,
    history,
    ask: initialAsk,
    groups: groups.filter((one) => !settled.includes(one)),
    settled,
  };
};

/** What a database would give back of a change, with the steps from `from` on. */
function load({ records, histories, masks: named }: Change, from = 0, to = Infinity) {
  const recorded: RecordedHistory = structuredClone(histories!.get('d')!);
  const stored = parseHistory({ ...recorded.history, groups: recorded.history.groups });
  const steps = recorded.steps.map(parseStep).slice(from, to);
  return {
    record: parseRecord(records![0]),
    arrivals: [],
    pending: [],
    images: new Map(),
    heldImages: new Map(),
    masks: named!,
    history: { stored, steps, index: stored.index - from },
  };
}

const record = (of: Moment) => atOnce(createRecorder().changeSteps(of));

const walk = fc.record({
  steps: fc.array(fc.tuple(fc.nat(commands.length - 1), fc.nat(700)), { minLength: 1, maxLength: 14 }),
  back: fc.nat(14),
});

function walked(steps: readonly (readonly [number, number])[], back: number) {
  const editor = createEditor();
  editor.open(blank);
  for (const [kind, n] of steps) editor.run(`step ${kind}`, commands[kind]!(n));
  for (let k = 0; k < back; k++) editor.undo();
  return editor;
}

describe('a timeline comes back from storage', () => {
  test('whatever was done and undone: every document, label and time, and the place in it', () => {
    fc.assert(
      fc.property(walk, ({ steps, back }) => {
        const editor = walked(steps, back);
        const { entries, index } = editor.store.getState().history!;
        const { history } = createRecorder().revive(load(record(moment(editor))), 'd');
        expect(history).toMatchObject({ index, dropped: false });
        expect(history!.steps.map(({ label, at }) => [label, at])).toEqual(
          entries.map(({ label, at }) => [label, at]),
        );
        expect(history!.steps.map(({ document }) => plain(document))).toEqual(
          entries.map(({ document }) => plain(document)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('as a copy under another id', () => {
    const editor = walked(
      [
        [0, 1],
        [4, 2],
        [0, 3],
      ],
      1,
    );
    const { history } = createRecorder().revive(load(record(moment(editor))), 'copy');
    expect(history!.steps.map(({ document }) => document.id)).toEqual(['copy', 'copy', 'copy', 'copy']);
  });

  test('with steps missing at both ends: what lies around the present one is as it was', () => {
    const editor = walked(
      [
        [0, 1],
        [4, 2],
        [5, 3],
        [0, 4],
        [8, 0],
        [2, 0],
      ],
      2,
    );
    const { entries } = editor.store.getState().history!;
    const { history } = createRecorder().revive(load(record(moment(editor)), 2, 6), 'd');
    expect(history).toMatchObject({ index: 2, dropped: true });
    expect(history!.steps.map(({ document }) => plain(document))).toEqual(
      entries.slice(2, 6).map(({ document }) => plain(document)),
    );
  });

  test('neighbours share what did not change, so that it is neither held, drawn nor packed twice', () => {
    const editor = walked(
      [
        [4, 10],
        [4, 200],
        [0, 20],
        [5, 30],
        [0, 500],
        [6, 0],
      ],
      3,
    );
    const { history } = createRecorder().revive(load(record(moment(editor))), 'd');
    const [, , two, three, four, five, six] = history!.steps.map(({ document }) => document);
    expect(three!.layers).toBe(two!.layers);
    expect(four!.layers[1]).toBe(three!.layers[1]);
    expect(four!.layers[0]!.weights).toBe(three!.layers[0]!.weights);
    expect(five!.layers).toBe(four!.layers);
    expect(six!.layers[0]).toBe(five!.layers[0]);
    const shared = [...three!.mask.tiles].filter(([key, tile]) => five!.mask.tiles.get(key) === tile);
    expect(shared.length).toBeGreaterThan(0);
  });

  test('a broken step costs the history, not the document', () => {
    const loaded = load(
      record(
        moment(
          walked(
            [
              [0, 1],
              [0, 300],
            ],
            0,
          ),
        ),
      ),
    );
    const [, step] = loaded.history.steps;
    const change = step!.painted[0]!;
    for (const broken of [
      { ...change, before: [] },
      { ...change, before: change.before.map(() => new Uint8Array([130])) },
      { ...change, before: change.before.map(() => 300) },
    ]) {
      const steps = loaded.history.steps.with(1, { ...step!, painted: [broken] });
      const revived = createRecorder().revive({ ...loaded, history: { ...loaded.history, steps } }, 'd');
      expect(revived.history).toBe(null);
      expect(revived.document!.mask.tiles.size).toBeGreaterThan(0);
    }
  });
});

describe('what is stored', () => {
  test('a stroke stores the tiles that it changed, not the mask, and each step is made once', () => {
    const editor = createEditor();
    editor.open({ ...blank, mask: stroke(stroke(emptyMask, 10), 600) });
    editor.run('brush', (document) => setMask(stroke(document.mask, 300))(document));
    const recorder = createRecorder();
    const { steps } = atOnce(recorder.changeSteps(moment(editor))).histories!.get('d')!;
    const changed = [...editor.document()!.mask.tiles].filter(
      ([key, tile]) => tile !== editor.store.getState().history!.entries[0]!.document.mask.tiles.get(key),
    );
    expect(steps[1]!.rest).toBe(null);
    expect(steps[1]!.painted.map(({ places }) => places.length / 2)).toEqual([changed.length]);
    editor.run('invert', (document) => setMask(invertMask(document.mask, rect))(document));
    const again = atOnce(recorder.changeSteps(moment(editor))).histories!.get('d')!;
    expect(again.steps.length).toBe(3);
    expect(again.steps[1]).toBe(steps[1]);
    expect(again.history.serials[2]).toBeGreaterThan(again.history.serials[1]!);
  });

  test('pictures, masks and result groups that only other steps name are named', () => {
    const editor = createEditor();
    editor.open(blank);
    editor.run('place', addLayers([layer('a', 10)]));
    editor.run('remove', removeLayer('a'));
    editor.run('accept', settleGroups(['g']));
    const groups = [group('g'), group('waits')];
    const { histories, records } = record(moment(editor, groups));
    const { history } = histories!.get('d')!;
    expect(history.images).toEqual(['p', 'image a', 'image of g']);
    expect(history.masks).toHaveLength(2);
    expect(history.groups.map(({ id }) => id)).toEqual(['g']);
    expect(records![0]!.groups.map(({ id }) => id)).toEqual(['waits']);
    const revived = createRecorder().revive(load(record(moment(editor, groups))), 'd');
    expect(revived.groups.map(({ id }) => id)).toEqual(['g', 'waits']);
    expect(revived.history!.steps.map(({ document }) => [...document.settledGroups])).toEqual([
      [],
      [],
      [],
      ['g'],
    ]);
  });

  test('what led to the oldest step is not kept alive', () => {
    const editor = createEditor();
    editor.open(blank);
    editor.run('place', addLayers([layer('a', 10)]));
    editor.run('remove', removeLayer('a'));
    editor.run('brush', setMask(fillMask(rect)));
    const whole = moment(editor);
    const { entries } = whole.history!;
    const later = { ...whole, history: historyOf(entries.slice(2), 1, true) };
    const recorder = createRecorder();
    atOnce(recorder.changeSteps(whole));
    const { history } = atOnce(recorder.changeSteps(later)).histories!.get('d')!;
    expect(history).toMatchObject({ images: [], masks: [], index: 1, dropped: true });
  });
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'malformed'],
  ['a text', 'x', 'malformed'],
  ['a newer version', { version: 2 }, 'newer'],
  ['an index that is no number', { version: 1, index: 'x' }, 'malformed'],
])('%s is no history', (_, value, code) => {
  expect(() => parseHistory(value)).toThrowError(expect.objectContaining({ name: 'StoredDataError', code }));
});
