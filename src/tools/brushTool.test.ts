import { describe, expect, test } from 'vitest';
import { newDocument } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { createLiveDraft } from '../editor/liveDraft.ts';
import type { ToolId } from '../editor/session.ts';
import { createSession } from '../editor/session.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { imageToView } from '../geometry/viewport.ts';
import { coverageOf } from '../raster/coverage.ts';
import { maskSource } from '../raster/mask.ts';
import { testSelection } from './testSelection.ts';
import { createToolbox } from './toolbox.ts';

/** Drives the tools without a browser: `driver(16, 8).tool('erase', 4).down(2, 2).move(9, 2).up()`. */
function driver(width: number, height: number) {
  const editor = createEditor();
  const session = createSession();
  const draft = createLiveDraft(editor, session);
  const toolbox = createToolbox({
    editor,
    draft,
    session,
    place: { rectOf: () => null, set: () => {} },
    selection: testSelection().source,
  });
  editor.open(newDocument({ id: 'd', name: 'test', picture: { id: 'p', width, height } }));
  const sample = (x: number, y: number, pressure = 1) => {
    const image = imagePoint(x, y);
    return { image, view: imageToView(session.store.getState().viewport, image), pressure };
  };
  const drive = {
    editor,
    session,
    draft,
    tool(id: ToolId, size: number) {
      session.setTool(id);
      session.setBrush({ size });
      return drive;
    },
    down(x: number, y: number, { shift = false, pressure = 1 } = {}) {
      toolbox.send({ type: 'down', sample: sample(x, y, pressure), shift, alt: false, touch: false });
      return drive;
    },
    move(...points: readonly (readonly [number, number])[]) {
      const samples = points.map(([x, y]) => sample(x, y));
      toolbox.send({ type: 'move', samples, shift: false, alt: false });
      return drive;
    },
    up() {
      toolbox.send({ type: 'up' });
      return drive;
    },
    cancel() {
      toolbox.send({ type: 'cancel' });
      return drive;
    },
    /** The mask as text: · keep, # edit, + between. */
    picture() {
      const { frame, mask } = editor.document()!;
      const bytes = coverageOf(maskSource(mask), frame);
      return Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => {
          const value = bytes[y * width + x]!;
          return value === 0 ? '·' : value === 255 ? '#' : '+';
        }).join(''),
      ).join('\n');
    },
  };
  return drive;
}

describe('brush', () => {
  test('a stroke covers what the brush swept, and is one step', () => {
    const drive = driver(12, 5).tool('erase', 3).down(2.5, 2.5).move([6, 2.5], [9.5, 2.5]).up();
    expect(drive.picture()).toBe(
      ['············', '·+########+·', '·##########·', '·+########+·', '············'].join('\n'),
    );
    expect(drive.editor.store.getState().undoLabel).toBe('brush');
    drive.editor.undo();
    expect(drive.editor.document()!.mask.tiles.size).toBe(0);
  });

  test('restore takes away and is labelled as such', () => {
    const drive = driver(8, 3).tool('erase', 6).down(0, 1.5).move([8, 1.5]).up();
    drive.tool('restore', 2).down(4, -2).move([4, 6]).up();
    expect(drive.picture()).toBe(['###··###', '###··###', '###··###'].join('\n'));
    expect(drive.editor.store.getState().undoLabel).toBe('restore');
  });

  test('strokes may begin and end outside the picture, and the next stroke leaves them alone', () => {
    const drive = driver(6, 3).tool('erase', 2).down(-50, 1).move([3, 1]).up();
    const first = drive.picture();
    expect(first.split('\n')[0]).toBe('###+··');
    drive.down(5.5, 30).move([5.5, 60]).up();
    expect(drive.picture()).toBe(first);
  });

  test('Escape takes everything back since the pointer went down', () => {
    const drive = driver(8, 4).tool('erase', 4).down(2, 2).move([6, 2]).cancel();
    expect(drive.editor.document()!.mask.tiles.size).toBe(0);
    expect(drive.editor.store.getState().canUndo).toBe(false);
    expect(drive.draft.current()).toBeNull();
  });

  test('undo in mid-stroke drops the stroke; what comes after paints nothing', () => {
    const drive = driver(8, 4).tool('erase', 2).down(1, 1).up();
    const before = drive.picture();
    drive.down(6, 2);
    drive.editor.undo();
    drive.move([7, 3]).up();
    drive.editor.redo();
    expect(drive.picture()).toBe(before);
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

test('a gesture stays with the tool it began with', () => {
  const drive = driver(8, 4).tool('erase', 4).down(2, 2);
  drive.session.holdTool('hand');
  const before = drive.session.store.getState().viewport;
  drive.move([6, 2]).up();
  expect(drive.session.store.getState().viewport).toBe(before);
  expect(drive.editor.store.getState().undoLabel).toBe('brush');
});

test('the hand moves the picture by what the pointer moved', () => {
  const drive = driver(8, 4).tool('hand', 4).down(2, 2);
  const { originX } = drive.session.store.getState().viewport;
  drive.move([7, 2]).up();
  expect(drive.session.store.getState().viewport.originX).toBe(originX + 5);
});
