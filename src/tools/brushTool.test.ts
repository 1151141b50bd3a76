import { describe, expect, test } from 'vitest';
import { newDocument } from '../editor/document.ts';
import type { BrushOptions, ToolId } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { maskSource } from '../raster/mask.ts';
import { ToolDriver } from './testDriver.ts';

class BrushDriver extends ToolDriver {
  tool(id: ToolId, size: number, brush: Partial<BrushOptions> = {}): this {
    this.session.setTool(id);
    this.session.setBrush({ size, ...brush });
    return this;
  }

  /** What is seen in mid-stroke. */
  live(x: number, y: number) {
    const shown = this.draft.shown() ?? maskSource(this.editor.document()!.mask);
    return coverageOf(shown, pixelRect(x, y, 1, 1))[0];
  }

  /** Coverage of one row. */
  row(y: number) {
    const { frame, mask } = this.editor.document()!;
    return [...coverageOf(maskSource(mask), pixelRect(0, y, frame.width, 1))];
  }
}

const driver = (width: number, height: number) => new BrushDriver({ width, height });

describe('brush', () => {
  test('a stroke covers what the brush swept, and is one step', () => {
    const drive = driver(12, 5)
      .tool('erase', 3)
      .down(2.5, 2.5)
      .path([
        [6, 2.5],
        [9.5, 2.5],
      ])
      .up();
    expect(drive.picture()).toBe(
      ['············', '·+########+·', '·##########·', '·+########+·', '············'].join('\n'),
    );
    expect(drive.editor.store.getState().undoLabel).toBe('brush');
    drive.editor.undo();
    expect(drive.editor.document()!.mask.tiles.size).toBe(0);
  });

  test('restore takes away and is labelled as such', () => {
    const drive = driver(8, 3)
      .tool('erase', 6)
      .down(0, 1.5)
      .path([[8, 1.5]])
      .up();
    drive
      .tool('restore', 2)
      .down(4, -2)
      .path([[4, 6]])
      .up();
    expect(drive.picture()).toBe(['###··###', '###··###', '###··###'].join('\n'));
    expect(drive.editor.store.getState().undoLabel).toBe('restore');
  });

  test('strokes may begin and end outside the picture, and the next stroke leaves them alone', () => {
    const drive = driver(6, 3)
      .tool('erase', 2)
      .down(-50, 1)
      .path([[3, 1]])
      .up();
    const first = drive.picture();
    expect(first.split('\n')[0]).toBe('###+··');
    drive
      .down(5.5, 30)
      .path([[5.5, 60]])
      .up();
    expect(drive.picture()).toBe(first);
  });

  test('Escape takes everything back since the pointer went down', () => {
    const drive = driver(8, 4)
      .tool('erase', 4)
      .down(2, 2)
      .path([[6, 2]])
      .cancel();
    expect(drive.editor.document()!.mask.tiles.size).toBe(0);
    expect(drive.editor.store.getState().canUndo).toBe(false);
    expect(drive.draft.current()).toBeNull();
  });

  test('undo in mid-stroke drops the stroke; what comes after paints nothing', () => {
    const drive = driver(8, 4).tool('erase', 2).down(1, 1).up();
    const before = drive.picture();
    drive.down(6, 2);
    drive.editor.undo();
    drive.path([[7, 3]]).up();
    drive.editor.redo();
    expect(drive.picture()).toBe(before);
  });

  test('Shift-click in a new document begins a stroke of its own', () => {
    const drive = driver(10, 1).tool('erase', 1).down(0.5, 0.5).up();
    drive.editor.open(newDocument({ id: 'e', name: 'e', picture: { id: 'q', width: 10, height: 1 } }));
    drive.down(9.5, 0.5, { shift: true }).up();
    expect(drive.picture()).toBe('·········#');
  });

  test('Shift-click draws a straight line from where the last stroke ended', () => {
    const drive = driver(10, 1).tool('erase', 1).down(0.5, 0.5).up().down(9.5, 0.5, { shift: true }).up();
    expect(drive.picture()).toBe('##########');
  });

  test('pen pressure narrows the brush', () => {
    const drive = driver(9, 9).tool('erase', 8).down(4.5, 4.5, { pressure: 0.25 }).up();
    const covered = drive.picture().replaceAll(/[·\n]/g, '').length;
    expect(covered).toBeGreaterThan(0);
    expect(covered).toBeLessThan(12);
  });
});

describe('opacity', () => {
  test('counts for the whole stroke: crossing itself adds nothing, the next stroke neither', () => {
    const drive = driver(8, 1).tool('erase', 2, { opacity: 0.5 });
    drive
      .down(0, 0.5)
      .path([
        [8, 0.5],
        [0, 0.5],
        [8, 0.5],
      ])
      .up();
    expect(drive.row(0)).toEqual(Array(8).fill(128));
    drive
      .down(0, 0.5)
      .path([[8, 0.5]])
      .up();
    expect(drive.row(0)).toEqual(Array(8).fill(128));
    drive
      .tool('restore', 2, { opacity: 0.75 })
      .down(0, 0.5)
      .path([[4, 0.5]])
      .up();
    expect(drive.row(0).slice(0, 4)).toEqual(Array(4).fill(64));
  });
});

describe('pen pressure', () => {
  test('with size on, it narrows and with opacity on, it weakens', () => {
    const one = driver(40, 9).tool('erase', 8, { pressureSize: false, pressureOpacity: true });
    one
      .down(4, 4.5, { pressure: 0.2 })
      .path([[36, 4.5, 0.2]])
      .up();
    expect(one.row(1)[20]).toBe(51);
    expect(one.row(4)[20]).toBe(51);
    const two = driver(40, 9).tool('erase', 8, { pressureSize: true, pressureOpacity: false });
    two
      .down(4, 4.5, { pressure: 0.2 })
      .path([[36, 4.5, 0.2]])
      .up();
    expect(two.row(1)[20]).toBe(0);
    expect(two.row(4)[20]).toBe(255);
  });

  test('both switches off: a pen paints as a mouse does', () => {
    const options = { pressureSize: false, pressureOpacity: false };
    const pen = driver(40, 9).tool('erase', 8, options);
    pen
      .down(4, 4.5, { pressure: 0.3 })
      .path([[36, 4.5, 0.1]])
      .up();
    const mouse = driver(40, 9)
      .tool('erase', 8, options)
      .down(4, 4.5)
      .path([[36, 4.5]])
      .up();
    expect(pen.picture()).toBe(mouse.picture());
  });

  test('the hardest touch in a stroke counts, before or after the lighter one', () => {
    const there = driver(20, 1).tool('erase', 1, { pressureSize: false, pressureOpacity: true });
    there
      .down(0, 0.5, { pressure: 0.2 })
      .path([
        [20, 0.5, 0.2],
        [0, 0.5, 0.8],
      ])
      .up();
    const back = driver(20, 1).tool('erase', 1, { pressureSize: false, pressureOpacity: true });
    back
      .down(0, 0.5, { pressure: 0.8 })
      .path([
        [20, 0.5, 0.2],
        [0, 0.5, 0.2],
      ])
      .up();
    expect(there.row(0)).toEqual(back.row(0));
    expect(there.row(0)[0]).toBe(204);
  });
});

describe('smoothing', () => {
  const trembling = [10, 12, 14, 16, 18].map((x, i) => [x, 20 + (i % 2 ? 4 : -4)] as const);

  test('none: the paint is at the pointer after every move', () => {
    const drive = driver(60, 40)
      .tool('erase', 4, { smoothing: 0 })
      .down(10, 20)
      .path([[40, 20]]);
    expect(drive.live(40, 20)).toBe(255);
  });

  test('the paint trails, and is where the pointer is at the end', () => {
    const drive = driver(60, 40)
      .tool('erase', 4, { smoothing: 0.25 })
      .down(5, 20)
      .path([[45, 20]]);
    expect(drive.live(23, 20)).toBe(255);
    expect(drive.live(28, 20)).toBe(0);
    drive.up();
    expect(drive.row(20)[45]).toBe(255);
    expect(drive.editor.store.getState().undoLabel).toBe('brush');
  });

  test('a trembling hand draws nothing while the string is slack', () => {
    const drive = driver(60, 40).tool('erase', 2, { smoothing: 0.25 }).down(10, 20).path(trembling);
    for (const [x, y] of trembling.slice(1)) expect(drive.live(x, y)).toBe(0);
  });

  test('the string has its length on the screen, whatever the zoom', () => {
    const drive = driver(60, 40).tool('erase', 4, { smoothing: 0.25 });
    const { viewport } = drive.session.store.getState();
    drive.session.setViewport({ ...viewport, scale: 4 });
    drive.down(5, 20).path([[45, 20]]);
    expect(drive.live(39, 20)).toBe(255);
    expect(drive.live(43, 20)).toBe(0);
  });

  test('a straight line, and a stroke made with keys, are as they were asked for', () => {
    const drive = driver(60, 40).tool('erase', 4, { smoothing: 1 }).down(5, 20).up();
    drive.down(50, 20, { shift: true });
    expect(drive.live(50, 20)).toBe(255);
    drive
      .cancel()
      .down(5, 20, { exact: true })
      .path([[30, 20]]);
    expect(drive.live(30, 20)).toBe(255);
  });
});

test('a square tip leaves whole pixels', () => {
  const drive = driver(10, 6)
    .tool('erase', 4, { tip: 'square', hardness: 0 })
    .down(3, 3)
    .path([[7, 3]])
    .up();
  expect(drive.picture()).toBe(
    ['··········', '·########·', '·########·', '·########·', '·########·', '··········'].join('\n'),
  );
});

describe('Shift after the start', () => {
  test('keeps to the row or the column that the pointer took first, and lets go with the key', () => {
    const drive = driver(24, 12).tool('erase', 1).down(1.5, 2.5);
    drive.path(
      [
        [3.5, 3.5],
        [9.5, 4.5],
        [12.5, 8.5],
      ],
      { shift: true },
    );
    expect(drive.live(12, 2)).toBe(255);
    expect(drive.live(9, 4)).toBe(0);
    drive.path([[12.5, 10.5]]).up();
    expect(drive.row(10)[12]).toBe(255);
  });

  test('a move too short to have a direction waits for the next', () => {
    const drive = driver(24, 12)
      .tool('erase', 1)
      .down(1.5, 2.5)
      .path(
        [
          [2.5, 3.5],
          [3.5, 9.5],
        ],
        { shift: true },
      )
      .up();
    expect(drive.row(9)[1]).toBe(255);
    expect(drive.row(3)[2]).toBe(0);
  });
});

test('a gesture stays with the tool it began with', () => {
  const drive = driver(8, 4).tool('erase', 4).down(2, 2);
  drive.session.holdTool('hand');
  const before = drive.session.store.getState().viewport;
  drive.path([[6, 2]]).up();
  expect(drive.session.store.getState().viewport).toBe(before);
  expect(drive.editor.store.getState().undoLabel).toBe('brush');
});

test('the hand moves the picture by what the pointer moved', () => {
  const drive = driver(8, 4).tool('hand', 4).down(2, 2);
  const { originX } = drive.session.store.getState().viewport;
  drive.path([[7, 2]]).up();
  expect(drive.session.store.getState().viewport.originX).toBe(originX + 5);
});
