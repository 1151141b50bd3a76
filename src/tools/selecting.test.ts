import { describe, expect, test } from 'vitest';
import { newDocument, setFrame, setMask } from '../editor/document.ts';
import type { ToolId } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../raster/coverage.ts';
import { emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { ToolDriver, textOf } from './testDriver.ts';
import { testSelection } from './testSelection.ts';

const WIDTH = 12;
const HEIGHT = 4;

class SelectDriver extends ToolDriver {
  readonly #selection: ReturnType<typeof testSelection>;

  constructor(selection: ReturnType<typeof testSelection>) {
    super({ width: WIDTH, height: HEIGHT, selection: selection.source });
    this.#selection = selection;
  }

  get asks() {
    return this.#selection.asks;
  }

  answer(number: number, mask: Mask | null) {
    return this.#selection.answer(number, mask);
  }

  /** A row of the mask as text. */
  row(y = 1) {
    return rowOf(this.editor.document()!.mask, y);
  }

  hints(number: number) {
    const ask = this.asks[number]!;
    if (ask.kind !== 'object') throw new Error('no object was asked for');
    return ask.hints;
  }
}

/** Drives the selecting tools with answers that come when a test says so. */
function driver(tool: ToolId) {
  const drive = new SelectDriver(testSelection());
  drive.session.setTool(tool);
  drive.session.setScribbleSize(1);
  return drive;
}

const rowOf = (mask: Mask, y: number) => textOf(coverageOf(maskSource(mask), pixelRect(0, y, WIDTH, 1)));

/** Columns `from` … `to` − 1 of all rows. */
const columns = (from: number, to: number) =>
  maskFromCoverage(new Uint8Array((to - from) * HEIGHT).fill(255), pixelRect(from, 0, to - from, HEIGHT));

describe('magic wand', () => {
  test('a click asks for the colour under it, and the answer is one step', async () => {
    const drive = driver('wand');
    drive.session.setWand({ tolerance: 7, sample: 1, contiguous: false, antialias: false });
    drive.down(3.7, 1.2).up();
    expect(drive.asks).toMatchObject([
      { seed: { x: 3, y: 1, sample: 1, contiguous: false }, reach: { tolerance: 7, antialias: false } },
    ]);
    await drive.answer(0, columns(2, 5));
    expect(drive.row()).toBe('··###·······');
    expect(drive.editor.store.getState().undoLabel).toBe('wand');
    drive.editor.undo();
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('Alt takes away, and turns round what is chosen', async () => {
    const drive = driver('wand');
    drive.editor.run('import', setMask(columns(0, 10)));
    drive.down(3, 1, { alt: true }).up();
    await drive.answer(0, columns(2, 5));
    expect(drive.row()).toBe('##···#####··');
    drive.session.setShapeMode('subtract');
    drive.down(7, 1).up();
    await drive.answer(1, columns(6, 8));
    expect(drive.row()).toBe('##···#··##··');
    drive.down(3, 1, { alt: true }).up();
    await drive.answer(2, columns(3, 4));
    expect(drive.row()).toBe('##·#·#··##··');
  });

  test('another tolerance makes the same step anew: still one in the history', async () => {
    const drive = driver('wand');
    drive.editor.run('import', setMask(columns(0, 1)));
    drive.down(5, 1).up();
    await drive.answer(0, columns(5, 6));
    for (const [number, tolerance] of [20, 40, 10].entries()) {
      drive.session.setWand({ tolerance });
      expect(drive.asks[number + 1]).toMatchObject({ seed: { x: 5, y: 1 }, reach: { tolerance } });
      await drive.answer(number + 1, columns(5, 6 + tolerance / 10));
    }
    expect(drive.row()).toBe('#····##·····');
    drive.editor.undo();
    expect(drive.row()).toBe('#···········');
    drive.editor.undo();
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('while a slider moves, each answer is seen, and then its newest place counts', async () => {
    const drive = driver('wand');
    drive.down(5, 1).up();
    await drive.answer(0, columns(5, 6));
    drive.session.setWand({ tolerance: 20 });
    drive.session.setWand({ tolerance: 30 });
    drive.session.setWand({ tolerance: 40 });
    expect(drive.asks).toHaveLength(2);
    await drive.answer(1, columns(5, 7));
    expect(drive.row()).toBe('·····##·····');
    expect(drive.asks.at(-1)).toMatchObject({ reach: { tolerance: 40 } });
    await drive.answer(2, columns(5, 9));
    expect(drive.asks).toHaveLength(3);
    expect(drive.row()).toBe('·····####···');
    drive.editor.undo();
    expect(drive.row()).toBe('············');
  });

  test('a tolerance that finds nothing new leaves no step, and the next one does not undo another', async () => {
    const drive = driver('wand');
    drive.editor.run('import', setMask(columns(0, 6)));
    drive.down(5, 1).up();
    await drive.answer(0, columns(5, 8));
    drive.session.setWand({ tolerance: 1 });
    await drive.answer(1, columns(5, 6));
    expect(drive.editor.store.getState().undoLabel).toBe('import');
    drive.session.setWand({ tolerance: 50 });
    await drive.answer(2, columns(5, 9));
    expect(drive.row()).toBe('#########···');
    drive.editor.undo();
    expect(drive.row()).toBe('######······');
  });

  test('after another action, the slider is for the next click only', async () => {
    const drive = driver('wand');
    drive.down(5, 1).up();
    await drive.answer(0, columns(5, 6));
    drive.editor.run('clear', setMask(emptyMask));
    drive.session.setWand({ tolerance: 50 });
    expect(drive.asks).toHaveLength(1);
    drive.editor.undo();
    drive.session.setTool('erase');
    drive.session.setTool('wand');
    drive.session.setWand({ tolerance: 51 });
    expect(drive.asks).toHaveLength(1);
  });

  test('clicks while one is waited for count one after the other, each a step; a pinch meanwhile drops none', async () => {
    const drive = driver('wand').down(1, 1).up().down(5, 1).up().down(9, 1);
    drive.toolbox.send({ type: 'cancel' });
    await drive.answer(0, columns(0, 2));
    expect(drive.asks).toMatchObject([{ seed: { x: 1 } }, { seed: { x: 5 } }]);
    await drive.answer(1, columns(4, 6));
    expect(drive.row()).toBe('##··##······');
    expect(drive.asks).toHaveLength(2);
    drive.editor.undo();
    expect(drive.row()).toBe('##··········');
  });

  test('a click beside the frame asks nothing', () => {
    const drive = driver('wand').down(-1, 1).up().down(3, HEIGHT).up();
    expect(drive.asks).toHaveLength(0);
    drive.editor.run('frame', setFrame(pixelRect(-5, 0, 20, HEIGHT)));
    expect(drive.down(-1, 1).up().asks).toHaveLength(1);
  });
});

const meanwhile: readonly (readonly [string, (drive: ReturnType<typeof driver>) => void])[] = [
  ['Escape', ({ toolbox }) => toolbox.stopWaiting()],
  ['another tool', ({ session }) => session.setTool('hand')],
  ['another layer', ({ session }) => session.setLayer('layer')],
  ['another step', ({ editor }) => editor.run('frame', setFrame(pixelRect(0, 0, 9, HEIGHT)))],
  ['undo', ({ editor }) => editor.undo()],
  [
    'another document',
    ({ editor }) =>
      editor.open(newDocument({ id: 'e', name: 'e', picture: { id: 'q', width: WIDTH, height: HEIGHT } })),
  ],
];

test.each(
  (['wand', 'smart'] as const).flatMap((tool) => meanwhile.map(([name, act]) => [tool, name, act] as const)),
)('%s: an answer after %s changes nothing, and nothing sticks', async (tool, _, act) => {
  const drive = driver(tool);
  drive.editor.run('import', setMask(columns(0, 1)));
  drive.down(3, 1).up();
  act(drive);
  expect(drive.asks[0]!.abandoned).toBe(true);
  const after = drive.editor.document();
  await drive.answer(0, columns(2, 8));
  expect(drive.editor.document()).toBe(after);
  expect(drive.draft.shown()).toBeNull();
  expect(drive.toolbox.waiting()).toBe(false);
});

test.each(['wand', 'smart'] as const)('%s: when the worker fails, the mask is as it was', async (tool) => {
  const drive = driver(tool).down(3, 1).up();
  await drive.answer(0, null);
  expect(drive.draft.shown()).toBeNull();
  expect(drive.editor.store.getState().canUndo).toBe(false);
  expect(drive.toolbox.waiting()).toBe(false);
});

describe('quick select', () => {
  test('a scribble is seen while it is drawn and while it is waited for; the answer is one step', async () => {
    const drive = driver('smart').down(2.5, 1.5).move(4.5, 1.5);
    expect(rowOf({ tiles: tilesShown(drive) }, 1)).toBe('··###·······');
    drive.up();
    expect(drive.draft.shown()).not.toBeNull();
    expect(rowOf(drive.hints(0).inside, 1)).toBe('··###·······');
    expect(drive.hints(0)).toMatchObject({ former: null, grows: true });
    await drive.answer(0, columns(1, 7));
    expect(drive.row()).toBe('·######·····');
    expect(drive.editor.store.getState().undoLabel).toBe('smart');
    drive.editor.undo();
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('a scribble that touches the object adds to it, with Alt it takes from it', async () => {
    const drive = driver('smart').down(2.5, 1.5).up();
    await drive.answer(0, columns(1, 7));
    drive.down(6.5, 1.5).move(8.5, 1.5).up();
    expect(rowOf(drive.hints(1).inside, 1)).toBe('··#···###···');
    expect(rowOf(drive.hints(1).former!, 1)).toBe('·######·····');
    expect(drive.hints(1).grows).toBe(true);
    await drive.answer(1, columns(1, 10));
    drive.down(7.5, 1.5, { alt: true }).up();
    expect(rowOf(drive.hints(2).inside, 1)).toBe('··#···#·#···');
    expect(rowOf(drive.hints(2).outside, 1)).toBe('·······#····');
    expect(drive.hints(2).grows).toBe(false);
    await drive.answer(2, columns(1, 7));
    expect(drive.row()).toBe('·######·····');
    drive.editor.undo();
    expect(drive.row()).toBe('·#########··');
  });

  test('a scribble elsewhere begins a new object, and what was selected stays', async () => {
    const drive = driver('smart').down(2.5, 1.5).up();
    await drive.answer(0, columns(1, 4));
    drive.down(9.5, 1.5).up();
    expect(drive.hints(1).former).toBeNull();
    expect(rowOf(drive.hints(1).inside, 1)).toBe('·········#··');
    await drive.answer(1, columns(8, 11));
    expect(drive.row()).toBe('·###····###·');
  });

  test('what is scribbled over with Alt is kept, also where another object was selected before', async () => {
    const drive = driver('smart').down(2.5, 1.5).up();
    await drive.answer(0, columns(1, 5));
    drive.down(8.5, 1.5).up();
    await drive.answer(1, columns(4, 11));
    drive.down(3.5, 1.5, { alt: true }).move(5.5, 1.5).up();
    await drive.answer(2, columns(6, 11));
    expect(drive.row()).toBe('·##···#####·');
  });

  test('with Alt, a scribble on what other tools selected takes an object away', async () => {
    const drive = driver('smart');
    drive.editor.run('import', setMask(columns(0, 12)));
    drive.down(3.5, 1.5, { alt: true }).up();
    expect(rowOf(drive.hints(0).inside, 1)).toBe('···#········');
    await drive.answer(0, columns(2, 6));
    expect(drive.row()).toBe('##····######');
  });

  test('a second scribble before the answer counts together with the first', async () => {
    const drive = driver('smart').down(2.5, 1.5).up().down(2.5, 1.5).move(5.5, 1.5).up();
    expect(drive.asks[0]!.abandoned).toBe(true);
    expect(rowOf(drive.hints(1).inside, 1)).toBe('··####······');
    await drive.answer(0, columns(0, 12));
    await drive.answer(1, columns(2, 7));
    expect(drive.row()).toBe('··#####·····');
    drive.editor.undo();
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('a pinch, or Escape in mid-scribble, takes back that scribble and not the one that is waited for', async () => {
    const drive = driver('smart').down(2.5, 1.5).up().down(9.5, 1.5);
    drive.toolbox.send({ type: 'cancel' });
    expect(rowOf(drive.hints(1).inside, 1)).toBe('··#·········');
    await drive.answer(1, columns(1, 4));
    expect(drive.row()).toBe('·###········');
  });

  test('an object that was selected on a layer is not gone on with on the mask', async () => {
    const drive = driver('smart').down(2.5, 1.5).up();
    await drive.answer(0, columns(1, 7));
    drive.session.setLayer('layer');
    drive.session.setLayer(null);
    drive.down(2.5, 1.5).up();
    expect(drive.hints(1).former).toBeNull();
  });

  test('after an undo the next scribble begins anew', async () => {
    const drive = driver('smart').down(2.5, 1.5).up();
    await drive.answer(0, columns(1, 7));
    drive.editor.undo();
    drive.down(2.5, 1.5).up();
    expect(drive.hints(1).former).toBeNull();
  });

  test('Escape in mid-scribble leaves nothing; a scribble beside the picture asks nothing', () => {
    const drive = driver('smart').down(2.5, 1.5);
    drive.toolbox.send({ type: 'cancel' });
    expect(drive.draft.shown()).toBeNull();
    drive.down(-9, -9).up();
    expect(drive.asks).toHaveLength(0);
    expect(drive.draft.shown()).toBeNull();
  });
});

/** What is shown instead of the mask, as tiles of a mask: all of the test picture lies in one tile. */
function tilesShown({ draft, editor }: ReturnType<typeof driver>): Mask['tiles'] {
  const { frame } = editor.document()!;
  return maskFromCoverage(coverageOf(draft.shown()!, frame), frame).tiles;
}
