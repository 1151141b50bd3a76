import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setFrame } from '../editor/document.ts';
import type { ToolId } from '../editor/session.ts';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { gripAt } from './rectDrag.ts';
import { ToolDriver } from './testDriver.ts';

class RectDriver extends ToolDriver {
  readonly #layers: Map<string, PixelRect>;

  constructor(layers: Map<string, PixelRect>) {
    super({
      width: 640,
      height: 480,
      place: { rectOf: (id) => layers.get(id) ?? null, set: (id, rect) => layers.set(id, rect) },
    });
    this.#layers = layers;
  }

  layer = () => this.#layers.get('layer');
  frame = () => this.editor.document()!.frame;
  live = () => this.session.store.getState().liveRect;
}

/** A 640 × 480 document at scale 1, and a layer at (100, 100). */
function driver(tool: ToolId) {
  const drive = new RectDriver(new Map([['layer', pixelRect(100, 100, 80, 40)]]));
  if (tool === 'place') drive.session.setPlacing('layer');
  else drive.session.setTool(tool);
  return drive;
}

describe('grips', () => {
  const rect = pixelRect(-50, 20, 300, 200);

  test('corners win over edges, edges over the inside; beyond reach there is nothing', () => {
    const at = (x: number, y: number) => gripAt(rect, imagePoint(x, y), 8);
    expect([at(-50, 20), at(250, 20), at(250, 220), at(-50, 220)]).toEqual(['nw', 'ne', 'se', 'sw']);
    expect([at(100, 14), at(256, 120), at(100, 226), at(-57, 60)]).toEqual(['n', 'e', 's', 'w']);
    expect(at(100, 120)).toBe('inside');
    expect([at(-59, 120), at(100, 229), at(300, 300)]).toEqual([null, null, null]);
  });

  test('a rectangle that is small on the screen can still be moved by its middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (width, height) => {
        const small = pixelRect(7, -3, width, height);
        expect(gripAt(small, imagePoint(7 + width / 2, -3 + height / 2), 30)).toBe('inside');
      }),
    );
  });
});

describe('frame', () => {
  test('an edge dragged out grows the frame, in one step; nothing else moves', () => {
    const drive = driver('frame');
    const before = drive.editor.document()!;
    drive.down(640, 240).move(700, 300).move(760, 100);
    expect(drive.frame()).toBe(before.frame);
    expect(drive.live()).toEqual(pixelRect(0, 0, 760, 480));
    drive.up();
    expect(drive.frame()).toEqual(pixelRect(0, 0, 760, 480));
    expect(drive.live()).toBeNull();
    const { picture, layers, mask } = drive.editor.document()!;
    expect([picture, layers, mask]).toEqual([before.picture, before.layers, before.mask]);
    expect(drive.editor.store.getState().undoLabel).toBe('frame');
    drive.editor.undo();
    expect(drive.editor.document()).toBe(before);
  });

  test('the top left goes to negative coordinates, and inwards crops', () => {
    const drive = driver('frame').down(0, 0).move(-120, -60).up();
    expect(drive.frame()).toEqual(pixelRect(-120, -60, 760, 540));
    drive.down(-120, 200).move(200, 200).up();
    expect(drive.frame()).toEqual(pixelRect(200, -60, 440, 540));
  });

  test('near an edge of the picture it snaps', () => {
    const drive = driver('frame').down(640, 240).move(760, 240).up();
    expect(drive.down(760, 240).move(645, 240).up().frame()).toEqual(pixelRect(0, 0, 640, 480));
  });

  test('Shift keeps the aspect, Alt the centre, and both count without another move', () => {
    const drive = driver('frame').down(640, 480).move(768, 481);
    expect(drive.live()).toEqual(pixelRect(0, 0, 768, 480));
    drive.hold({ shift: true });
    expect(drive.live()).toEqual(pixelRect(0, 0, 768, 576));
    drive.hold({ alt: true });
    expect(drive.live()).toEqual(pixelRect(-128, 0, 896, 480));
    expect(drive.hold({}).live()).toEqual(pixelRect(0, 0, 768, 480));
  });

  test('Escape, a second finger or a lost pointer take it back', () => {
    const drive = driver('frame').down(640, 240).move(760, 240).cancel();
    expect(drive.live()).toBeNull();
    expect(drive.editor.store.getState().canUndo).toBe(false);
    expect(drive.move(800, 240).up().editor.store.getState().canUndo).toBe(false);
  });

  test('undo in mid-drag ends it', () => {
    const drive = driver('frame').down(640, 240).move(760, 240).up().down(760, 240).move(800, 240);
    drive.editor.undo();
    expect(drive.up().frame()).toEqual(pixelRect(0, 0, 640, 480));
    expect(drive.live()).toBeNull();
    expect(drive.editor.store.getState().canRedo).toBe(true);
  });

  test('inside nothing happens, and a click on an edge is no step', () => {
    const drive = driver('frame').down(300, 200).move(340, 260).up().down(640, 240).up();
    expect(drive.editor.store.getState().canUndo).toBe(false);
    expect(drive.toolbox.gripAt('frame', imagePoint(300, 200), 8)).toBeNull();
    expect(drive.toolbox.gripAt('frame', imagePoint(640, 240), 8)).toBe('e');
  });

  test('a finger reaches further than a mouse', () => {
    const reached = (touch: boolean) =>
      driver('frame').down(656, 240, { touch }).move(756, 240).up().frame().width;
    expect([reached(false), reached(true)]).toEqual([640, 740]);
  });

  test('setting the same frame is no step', () => {
    const { editor, frame } = driver('frame');
    expect(editor.run('frame', setFrame({ ...frame() }))).toBe(false);
  });
});

describe('plan', () => {
  const planned = () => {
    const drive = driver('erase');
    drive.session.setPlan({ rect: pixelRect(100, 100, 200, 200), label: 'close-up' });
    drive.session.setTool('plan');
    return drive;
  };
  const own = ({ session }: ReturnType<typeof driver>) => session.store.getState().planRect;

  test('its rectangle is moved and resized within the frame, without a step of the history', () => {
    const drive = planned().down(200, 200).move(260, 190).up();
    expect(own(drive)).toEqual(pixelRect(160, 90, 200, 200));
    drive.down(360, 290).move(900, 300).up();
    expect(own(drive)).toEqual(pixelRect(160, 90, 480, 210));
    drive.down(300, 200).move(-900, 200).up();
    expect(own(drive)).toEqual(pixelRect(0, 90, 480, 210));
    expect(drive.editor.store.getState().canUndo).toBe(false);
  });

  test('leaving it goes back to the tool before, and so does a plan that is gone', () => {
    const drive = planned();
    drive.session.leaveTool();
    expect(drive.session.store.getState().tool).toBe('erase');
    drive.session.setTool('frame');
    drive.session.setTool('plan');
    drive.session.setPlan(null);
    expect(drive.session.store.getState().tool).toBe('frame');
    drive.session.leaveTool();
    expect(drive.session.store.getState().tool).toBe('frame');
  });
});

describe('place', () => {
  test('inside moves, a handle scales with the aspect kept, Shift frees it', () => {
    const drive = driver('place').down(140, 120).move(171, 151).up();
    expect(drive.layer()).toEqual(pixelRect(131, 131, 80, 40));
    drive.down(211, 171).move(371, 171).up();
    expect(drive.layer()).toEqual(pixelRect(131, 131, 240, 120));
    drive.down(371, 191).move(401, 191, { shift: true }).up();
    expect(drive.layer()).toEqual(pixelRect(131, 131, 270, 120));
  });

  test('it stays where a frame can reach it', () => {
    const drive = driver('place').down(140, 120).move(90_000, -90_000).up();
    expect(drive.layer()).toEqual(pixelRect(32_768 - 80, -16_384, 80, 40));
  });

  test('nothing counts before the pointer is up', () => {
    const drive = driver('place').down(140, 120).move(171, 151);
    expect(drive.layer()).toEqual(pixelRect(100, 100, 80, 40));
    expect(drive.live()).toEqual(pixelRect(131, 131, 80, 40));
    expect(drive.cancel().layer()).toEqual(pixelRect(100, 100, 80, 40));
  });

  test('arrows nudge it; a brush leaves them alone', () => {
    const drive = driver('place');
    const nudge = (dx: number, dy: number, resize = false) => drive.toolbox.nudge({ dx, dy, resize });
    expect(nudge(-1, 10)).toBe(true);
    expect(drive.layer()).toEqual(pixelRect(99, 110, 80, 40));
    nudge(-10, 0, true);
    expect(drive.layer()).toEqual(pixelRect(99, 110, 70, 35));
    nudge(0, 1, true);
    expect(drive.layer()).toEqual(pixelRect(99, 110, 72, 36));
    drive.session.setPlacing(null);
    expect(drive.session.store.getState()).toMatchObject({ tool: 'erase', placing: null });
    expect(nudge(1, 0)).toBe(false);
  });
});
