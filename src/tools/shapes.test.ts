import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLayers } from '../editor/document.ts';
import { newLayer } from '../editor/layer.ts';
import type { ShapeTool } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { coverageAt } from '../raster/coverage.ts';
import { fillMask } from '../raster/invert.ts';
import { draggedBox } from './boxTool.ts';
import { addShapeTools } from './shapeTools.ts';
import { ToolDriver } from './testDriver.ts';
import type { HeldKeys } from './tool.ts';

class ShapeDriver extends ToolDriver {
  click(x: number, y: number, keys: Partial<HeldKeys> & { touch?: boolean } = {}): this {
    return this.down(x, y, keys).up();
  }

  unfinished = () => this.session.store.getState().unfinished;
  label = () => this.editor.store.getState().undoLabel;

  points() {
    const shape = this.toolbox.drawn()?.shape;
    return shape && 'points' in shape ? shape.points.map(({ x, y }) => [x, y]) : null;
  }

  rect() {
    const shape = this.toolbox.drawn()?.shape;
    return shape && 'rect' in shape ? shape.rect : null;
  }
}

/** `scale`: CSS px per document px, so that small masks are drawn by long gestures. */
function driver(tool: ShapeTool, width = 12, height = 8, scale = 20) {
  const drive = new ShapeDriver({ width, height });
  addShapeTools(drive.toolbox);
  drive.session.setViewport({ ...drive.session.store.getState().viewport, scale });
  drive.session.setTool(tool);
  return drive;
}

const lines = (...rows: string[]) => rows.join('\n');
const empty = (drive: ReturnType<typeof driver>) => drive.editor.document()!.mask.tiles.size === 0;

describe('rectangle', () => {
  test('from corner to corner, hard on whole px, in one step', () => {
    const drive = driver('rectangle').down(2.4, 1.6).move(9, 3).move(7.6, 5.2).up();
    expect(drive.picture()).toBe(
      lines(
        '············',
        '············',
        '··######····',
        '··######····',
        '··######····',
        '············',
        '············',
        '············',
      ),
    );
    expect(drive.label()).toBe('rectangle.add');
    drive.editor.undo();
    expect(empty(drive)).toBe(true);
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('nothing counts before the pointer is up, and Escape leaves no trace', () => {
    const drive = driver('rectangle').down(2, 1).move(7, 5);
    expect(drive.rect()).toEqual(pixelRect(2, 1, 5, 4));
    expect(empty(drive)).toBe(true);
    drive.cancel();
    expect([drive.rect(), drive.toolbox.busy()]).toEqual([null, false]);
    drive.move(9, 7).up();
    expect([empty(drive), drive.editor.store.getState().canUndo]).toEqual([true, false]);
  });

  test('Shift is a square, Alt in mid-drag the centre, both without another move', () => {
    const drive = driver('rectangle').down(6, 4).move(9, 5);
    expect(drive.rect()).toEqual(pixelRect(6, 4, 3, 1));
    expect(drive.hold({ shift: true }).rect()).toEqual(pixelRect(6, 4, 3, 3));
    expect(drive.hold({ alt: true }).rect()).toEqual(pixelRect(3, 3, 6, 2));
    expect(drive.hold({ shift: true, alt: true }).rect()).toEqual(pixelRect(3, 1, 6, 6));
    expect(drive.hold({}).rect()).toEqual(pixelRect(6, 4, 3, 1));
    expect(drive.toolbox.drawn()!.mode).toBe('add');
  });

  test('Alt at the start takes away, and means the centre only when it is pressed anew', () => {
    const drive = driver('rectangle').down(0, 0).move(12, 8).up();
    drive.down(6, 4, { alt: true }).move(8, 5, { alt: true });
    expect(drive.toolbox.drawn()).toMatchObject({ mode: 'subtract' });
    expect(drive.rect()).toEqual(pixelRect(6, 4, 2, 1));
    expect(drive.hold({}).hold({ alt: true }).rect()).toEqual(pixelRect(4, 3, 4, 2));
    drive.up();
    expect(drive.label()).toBe('rectangle.subtract');
    expect(drive.picture().split('\n').slice(2, 6)).toEqual([
      '############',
      '####····####',
      '####····####',
      '############',
    ]);
  });

  test('where taking away is chosen, Alt adds', () => {
    const drive = driver('rectangle');
    drive.session.setShapeMode('subtract');
    drive.down(1, 1).move(4, 4).up();
    expect([empty(drive), drive.editor.store.getState().canUndo]).toEqual([true, false]);
    drive.down(1, 1, { alt: true }).move(4, 4).up();
    expect(drive.label()).toBe('rectangle.add');
  });

  test('a click, or the tremble of one, does nothing', () => {
    const drive = driver('rectangle').click(3.5, 3.5).down(3.45, 3.5).move(3.55, 3.55).up();
    drive.down(3.4, 3.4, { touch: true }).move(3.7, 3.6).up();
    expect(empty(drive)).toBe(true);
    expect(drive.down(3.4, 3.4).move(3.7, 3.6).rect()).toEqual(pixelRect(3, 3, 1, 1));
  });

  test('it may begin and end outside the picture', () => {
    const drive = driver('rectangle').down(-30, -9).move(40, 2).up();
    expect(drive.picture().split('\n').slice(0, 3)).toEqual(['############', '############', '············']);
  });

  test('undo, another tool or another document in mid-drag give it up', () => {
    const drive = driver('rectangle').down(0, 0).move(3, 3).up();
    for (const change of [
      () => drive.editor.undo(),
      () => drive.session.setTool('erase'),
      () => drive.open('e'),
    ]) {
      drive.session.setTool('rectangle');
      drive.down(5, 5).move(9, 7);
      change();
      expect(drive.rect()).toBeNull();
      drive.move(11, 8).up();
      expect(empty(drive)).toBe(true);
    }
  });

  test('a hand that is held for a while leaves the drag alone', () => {
    const drive = driver('rectangle').down(2, 2).move(4, 4);
    drive.session.holdTool('hand');
    drive.move(6, 5).up();
    expect(drive.label()).toBe('rectangle.add');
  });
});

test('a dragged box: square or not, its corner or its centre stays where the drag began', () => {
  const at = fc.double({ min: -3000, max: 3000, noNaN: true });
  fc.assert(
    fc.property(at, at, at, at, fc.boolean(), fc.boolean(), (ax, ay, bx, by, square, centred) => {
      const box = draggedBox(imagePoint(ax, ay), imagePoint(bx, by), { square, centred });
      if (!box) return;
      expect(Object.values(box).every(Number.isInteger)).toBe(true);
      if (square) expect(box.width).toBe(box.height);
      const fixed = (from: number, to: number, low: number, length: number) => {
        if (centred) return Math.abs(low + length / 2 - from) <= 0.5;
        return Math.abs((to < from ? low + length : low) - from) <= 0.5;
      };
      expect(fixed(ax, bx, box.x, box.width)).toBe(true);
      expect(fixed(ay, by, box.y, box.height)).toBe(true);
    }),
  );
});

test('an ellipse touches the four sides of its box', () => {
  const drive = driver('ellipse').down(1, 0).move(11, 8).up();
  expect(drive.picture()).toBe(
    lines(
      '··++++++++··',
      '·++######++·',
      '·+########+·',
      '·+########+·',
      '·+########+·',
      '·+########+·',
      '·++######++·',
      '··++++++++··',
    ),
  );
  expect(drive.label()).toBe('ellipse.add');
  drive.down(4, 2, { alt: true }).move(8, 6).up();
  expect(drive.label()).toBe('ellipse.subtract');
  expect(drive.picture().split('\n')[4]).toBe('·+##+··+##+·');
});

test('while a layer is being erased, shapes erase it and bring it back, and the mask stays', () => {
  const drive = driver('rectangle');
  const rect = pixelRect(0, 0, 12, 8);
  const pixels = { image: { id: 'l', width: 12, height: 8 }, rect, weights: fillMask(rect) };
  drive.editor.run('place', addLayers([newLayer('layer', pixels, { kind: 'merged' })]));
  const { mask } = drive.editor.document()!;
  const seen = () => coverageAt(drive.editor.document()!.layers[0]!.mask, 3, 3);
  drive.session.setLayer('layer');
  drive.down(2, 2).move(5, 5).up();
  expect([seen(), drive.label()]).toEqual([0, 'rectangle.add']);
  drive.down(2, 2, { alt: true }).move(5, 5).up();
  expect(seen()).toBe(255);
  expect(drive.editor.document()!.mask).toBe(mask);
});

describe('lasso', () => {
  test('closes by a straight line where the pointer is released', () => {
    const drive = driver('lasso').down(1, 1).move(10, 1).move(10, 7);
    expect(drive.points()).toEqual([
      [1, 1],
      [10, 1],
      [10, 7],
    ]);
    drive.up();
    expect(drive.picture()).toBe(
      lines(
        '············',
        '·++#######··',
        '··++######··',
        '····++####··',
        '·····++###··',
        '·······++#··',
        '········++··',
        '············',
      ),
    );
    expect([drive.label(), drive.points()]).toEqual(['lasso.add', null]);
  });

  test('an outline that crosses itself has no holes', () => {
    const drive = driver('lasso').down(1, 1);
    // Twice around, the second time inside.
    for (const [x, y] of [
      [11, 1],
      [11, 7],
      [1, 7],
      [1, 2],
      [9, 2],
      [9, 5],
      [3, 5],
    ] as const)
      drive.move(x, y);
    drive.up();
    expect(drive.picture().split('\n').slice(2, 7)).toEqual(Array(5).fill('·##########·'));
  });

  test('Alt at the start takes away; Escape, a click and a line back and forth do nothing', () => {
    const drive = driver('lasso').down(0, 0).move(12, 0).move(12, 8).move(0, 8).up();
    const before = drive.editor.document();
    drive.down(2, 2).move(8, 2).move(8, 6).cancel().up();
    drive.click(4, 4).down(1, 1).move(5, 5).move(1, 1).up();
    expect(drive.editor.document()).toBe(before);
    drive.down(2, 2, { alt: true }).move(8, 2).move(8, 6).move(2, 6).up();
    expect(drive.label()).toBe('lasso.subtract');
    expect(drive.picture().split('\n')[3]).toBe('##······####');
  });
});

describe('polygon', () => {
  const triangle = () => driver('polygon').click(1, 1).click(11, 1).click(11, 7);

  test.each([
    ['a click on the first corner', (drive: ReturnType<typeof driver>) => drive.click(1.2, 1.1)],
    ['a double click', (drive: ReturnType<typeof driver>) => drive.click(11, 7)],
    [
      'Enter',
      (drive: ReturnType<typeof driver>) => {
        drive.unfinished()!.finish();
        return drive;
      },
    ],
  ])('%s closes it, in one step', (_, close) => {
    const drive = triangle();
    expect([empty(drive), drive.unfinished()?.complete]).toEqual([true, true]);
    close(drive);
    expect([drive.label(), drive.unfinished(), drive.points()]).toEqual(['polygon.add', null, null]);
    expect(drive.picture()).toBe(
      lines(
        '············',
        '·++########·',
        '··+++######·',
        '····++#####·',
        '······++###·',
        '·······+++#·',
        '·········++·',
        '············',
      ),
    );
    drive.editor.undo();
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('between clicks a line goes to the pointer, and with Shift by steps of 15°', () => {
    const drive = driver('polygon').click(2, 2).move(6, 3);
    expect(drive.points()).toEqual([
      [2, 2],
      [6, 3],
    ]);
    expect(drive.toolbox.busy()).toBe(false);
    const [, [x, y]] = drive.hold({ shift: true }).points() as [number[], [number, number]];
    expect(Math.atan2(y - 2, x - 2)).toBeCloseTo(Math.PI / 12, 6);
    drive.move(9, 2.4, { shift: true }).down(9, 2.4, { shift: true }).up();
    expect(drive.points()![1]![1]).toBeCloseTo(2, 6);
  });

  test('a corner is where the pointer is released', () => {
    const drive = driver('polygon').down(1, 1).move(3, 3);
    expect(drive.points()).toEqual([[3, 3]]);
    drive.up().down(5, 5).move(7, 6).up();
    expect(drive.points()!.slice(0, 2)).toEqual([
      [3, 3],
      [7, 6],
    ]);
    expect(drive.toolbox.drawn()!.corners).toBe(2);
  });

  test('corners are taken back one by one, until there is no polygon', () => {
    const drive = triangle();
    drive.unfinished()!.takeBack();
    expect([drive.toolbox.drawn()!.corners, drive.unfinished()!.complete]).toEqual([2, false]);
    drive.unfinished()!.finish();
    expect(empty(drive)).toBe(true);
    drive.unfinished()!.takeBack();
    drive.unfinished()!.takeBack();
    expect([drive.unfinished(), drive.points(), drive.toolbox.listens()]).toEqual([null, null, false]);
  });

  test('a second finger takes back the corner under the first one, and the others stay', () => {
    const drive = triangle().down(4, 6, { touch: true }).cancel().cancel();
    expect(drive.toolbox.drawn()!.corners).toBe(3);
    drive.unfinished()!.giveUp();
    expect([drive.points(), empty(drive)]).toEqual([null, true]);
  });

  test('a finger closes it from further away than a mouse', () => {
    expect(triangle().click(1.9, 1).unfinished()).not.toBeNull();
    expect(triangle().click(1.9, 1, { touch: true }).unfinished()).toBeNull();
  });

  test('it knows when the next click closes', () => {
    const drive = triangle().move(1.1, 1.1);
    expect(drive.toolbox.drawn()).toMatchObject({ closing: true, corners: 3 });
    expect(drive.move(5, 5).toolbox.drawn()).toMatchObject({ closing: false });
  });

  test('the hand may be used between two corners', () => {
    const drive = driver('polygon').click(1, 1).click(11, 1);
    drive.session.holdTool('hand');
    drive.down(5, 5).move(6, 6).up();
    drive.session.holdTool(null);
    expect(drive.toolbox.drawn()!.corners).toBe(2);
  });

  test('Alt at the first corner takes away; the switch counts until it is closed', () => {
    const drive = driver('polygon').click(1, 1, { alt: true }).click(11, 1).click(11, 7);
    expect(drive.toolbox.drawn()!.mode).toBe('subtract');
    drive.session.setShapeMode('subtract');
    expect(drive.toolbox.drawn()!.mode).toBe('add');
    drive.click(1, 1);
    expect(drive.label()).toBe('polygon.add');
  });

  test('undo, another tool, another document or another layer give it up', () => {
    const drive = driver('polygon').click(1, 1).click(5, 1).click(5, 5).click(1, 1);
    for (const change of [
      () => drive.editor.undo(),
      () => drive.session.setTool('erase'),
      () => drive.open('e'),
    ]) {
      drive.session.setTool('polygon');
      drive.click(6, 1).click(9, 1).click(9, 5);
      change();
      expect([drive.unfinished(), drive.points(), drive.toolbox.listens()]).toEqual([null, null, false]);
      drive.session.setTool('polygon');
      expect(drive.points()).toBeNull();
    }
  });

  test('a tool that is chosen while a corner is pressed leaves nothing behind', () => {
    const drive = driver('polygon').down(1, 1);
    drive.session.setTool('erase');
    drive.up();
    drive.session.setTool('polygon');
    expect([drive.points(), drive.unfinished()]).toEqual([null, null]);
  });
});
