import { beforeAll, describe, expect, test } from 'vitest';
import { decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import type { Point } from './lacunaPage.ts';
import { LacunaPage } from './lacunaPage.ts';
import { drag, inputOf, penHover, penStroke, synthetic, tap, touch } from './pointers.ts';

const width = 400;
const height = 300;

const app = appAndBrowser();
let picture: Buffer;
beforeAll(async () => {
  picture = await pngOf(landscape(width, height));
});

async function opened(options: { hasTouch?: boolean } = {}) {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.openPicture('picture.png', picture);
  await lacuna.setBrush(20);
  // Away from the picture, over the prompt.
  await lacuna.page.mouse.move(640, 770);
  return lacuna;
}

async function close(lacuna: LacunaPage) {
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
}

/** Coverage of the exported mask at a point. */
async function coverage(lacuna: LacunaPage) {
  const { data } = await decode((await lacuna.saved('export-mask')).bytes);
  return ({ x, y }: Point) => data[(y * width + x) * 4]!;
}

const bounds = async (lacuna: LacunaPage) => (await lacuna.document())!.maskBounds;
const tool = (lacuna: LacunaPage) => lacuna.test('stage').getAttribute('data-tool');
const undoable = (lacuna: LacunaPage) => lacuna.test('undo').isEnabled();

/** Of the picture's corner on the screen: tells panning and zooming. */
async function view(lacuna: LacunaPage) {
  const [corner, end] = await lacuna.toClient([
    { x: 0, y: 0 },
    { x: width, y: height },
  ]);
  return { x: corner!.x, y: corner!.y, scale: (end!.x - corner!.x) / width };
}

/** Steps of the history, taken back until none is left. */
async function steps(lacuna: LacunaPage) {
  let count = 0;
  for (; await undoable(lacuna); count++) await lacuna.page.keyboard.press('Control+z');
  return count;
}

const left = { x: 80, y: 100 };
const right = { x: 320, y: 100 };
const below = { x: 200, y: 220 };

describe('mouse', () => {
  test('Alt at the start of a stroke takes away, and only for that stroke', async () => {
    const lacuna = await opened();
    await lacuna.stroke([left, right]);
    const [at] = await lacuna.toClient([{ x: 200, y: 60 }]);
    await lacuna.page.mouse.move(at!.x, at!.y);
    await lacuna.page.keyboard.down('Alt');
    expect(await tool(lacuna)).toBe('restore');
    await lacuna.stroke([
      { x: 200, y: 60 },
      { x: 200, y: 140 },
    ]);
    await lacuna.page.keyboard.up('Alt');
    expect(await tool(lacuna)).toBe('erase');
    await lacuna.stroke([below]);
    const value = await coverage(lacuna);
    expect([value(left), value({ x: 200, y: 100 }), value(below)]).toEqual([255, 0, 255]);
    await close(lacuna);
  });

  test('Shift after the start keeps a stroke level', async () => {
    const lacuna = await opened();
    const [a, b, c] = await lacuna.toClient([left, { x: 200, y: 110 }, { x: 300, y: 160 }]);
    await lacuna.page.mouse.move(a!.x, a!.y);
    await lacuna.page.mouse.down();
    await lacuna.page.keyboard.down('Shift');
    await lacuna.page.mouse.move(b!.x, b!.y);
    await lacuna.page.mouse.move(c!.x, c!.y);
    await lacuna.page.mouse.up();
    await lacuna.page.keyboard.up('Shift');
    const painted = await bounds(lacuna);
    expect(painted!.width).toBeGreaterThan(230);
    expect(painted!.height).toBeLessThanOrEqual(22);
    await close(lacuna);
  });

  test('a second button in mid-stroke is ignored, and letting the first go ends the stroke', async () => {
    const lacuna = await opened();
    const { mouse } = lacuna.page;
    const [a, b, c] = await lacuna.toClient([left, right, below]);
    await mouse.move(a!.x, a!.y);
    await mouse.down();
    await mouse.down({ button: 'right' });
    await mouse.move(b!.x, b!.y);
    await mouse.up();
    await mouse.move(c!.x, c!.y);
    await mouse.up({ button: 'right' });
    const value = await coverage(lacuna);
    expect([value(left), value({ x: 200, y: 100 }), value(right), value(below)]).toEqual([255, 255, 255, 0]);
    expect(await steps(lacuna)).toBe(1);
    await close(lacuna);
  });

  test('the middle button moves the picture and paints nothing', async () => {
    const lacuna = await opened();
    const before = await view(lacuna);
    await lacuna.page.mouse.move(600, 300);
    await lacuna.page.mouse.down({ button: 'middle' });
    expect(await tool(lacuna)).toBe('hand');
    await lacuna.page.mouse.move(630, 320);
    await lacuna.page.mouse.up({ button: 'middle' });
    expect(await tool(lacuna)).toBe('erase');
    const after = await view(lacuna);
    expect([after.x - before.x, after.y - before.y]).toEqual([30, 20]);
    expect(await bounds(lacuna)).toBeNull();
    await close(lacuna);
  });

  test('Space holds the hand while it is down; tapped, it paints nothing', async () => {
    const lacuna = await opened();
    const { keyboard, mouse } = lacuna.page;
    await mouse.move(600, 300);
    await keyboard.press('Space');
    expect(await bounds(lacuna)).toBeNull();
    const before = await view(lacuna);
    await keyboard.down('Space');
    await mouse.down();
    await mouse.move(620, 340);
    await mouse.up();
    await keyboard.up('Space');
    expect((await view(lacuna)).y).toBe(before.y + 40);
    expect(await bounds(lacuna)).toBeNull();
    expect(await tool(lacuna)).toBe('erase');
    await close(lacuna);
  });

  test('a button that was reached by key is pressed by Space, wherever the pointer rests', async () => {
    const lacuna = await opened();
    await lacuna.page.mouse.move(600, 300);
    await lacuna.page.getByRole('button', { name: 'Invert mask' }).focus();
    await lacuna.page.keyboard.press('Tab');
    await lacuna.page.keyboard.press('Shift+Tab');
    await lacuna.page.keyboard.press('Space');
    expect((await lacuna.document())!.coverage).toBe(1);
    await close(lacuna);
  });

  test('the size is shown at the brush while it changes', async () => {
    const lacuna = await opened();
    const label = lacuna.page.locator('.brush-size-label');
    await label.waitFor({ state: 'hidden' });
    await lacuna.page.keyboard.press(']');
    expect(await label.textContent()).toBe('22 px');
    const ring = (await lacuna.page.locator('.brush-ring').boundingBox())!;
    expect(ring.width).toBeCloseTo(22 * (await view(lacuna)).scale, 0);
    // Nobody points at the picture: it stands in the middle.
    expect(Math.abs(ring.x + ring.width / 2 - 640)).toBeLessThan(60);
    await label.waitFor({ state: 'hidden' });
    await lacuna.page.locator('.brush-ring').waitFor({ state: 'hidden' });
    await close(lacuna);
  });
});

describe('whatever ends a stroke, nothing is lost and nothing sticks', () => {
  const interruptions: Record<string, (lacuna: LacunaPage, at: Point) => Promise<unknown>> = {
    'window blur': ({ page }) => page.evaluate(() => window.dispatchEvent(new Event('blur'))),
    'tab switch': ({ page }) =>
      page.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
        Reflect.deleteProperty(document, 'visibilityState');
      }),
    'capture lost': (lacuna, at) => synthetic(lacuna, 'lostpointercapture', at),
    'pointer cancelled': (lacuna, at) => synthetic(lacuna, 'pointercancel', at),
    'a release that went unseen': (lacuna, at) => synthetic(lacuna, 'pointermove', at, { buttons: 0 }),
  };

  test.each(Object.keys(interruptions))('%s', async (name) => {
    const lacuna = await opened();
    const { mouse, keyboard } = lacuna.page;
    const [a, b, c] = await lacuna.toClient([left, right, below]);
    await mouse.move(a!.x, a!.y);
    await mouse.down();
    await mouse.move(b!.x, b!.y);
    await interruptions[name]!(lacuna, b!);
    // The button is still down, and what follows belongs to no stroke.
    await mouse.move(c!.x, c!.y);
    await mouse.up();
    const value = await coverage(lacuna);
    expect([value({ x: 200, y: 100 }), value(below)]).toEqual([255, 0]);
    await lacuna.stroke([below]);
    expect((await coverage(lacuna))(below)).toBe(255);
    expect(await steps(lacuna)).toBe(2);
    await keyboard.press('Control+Shift+z');
    expect((await coverage(lacuna))({ x: 200, y: 100 })).toBe(255);
    await close(lacuna);
  });

  test('a context menu does not open, and the stroke goes on', async () => {
    const lacuna = await opened();
    const { mouse } = lacuna.page;
    const [a, b] = await lacuna.toClient([left, right]);
    await mouse.move(a!.x, a!.y);
    await mouse.down();
    const prevented = await lacuna
      .test('stage')
      .evaluate((stage) => !stage.dispatchEvent(new MouseEvent('contextmenu', { cancelable: true })));
    expect(prevented).toBe(true);
    await mouse.move(b!.x, b!.y);
    await mouse.up();
    expect((await bounds(lacuna))!.width).toBeGreaterThan(230);
    await close(lacuna);
  });

  test('keys that are let go while the window is away are not held', async () => {
    const lacuna = await opened();
    const { page } = lacuna;
    const { keyboard, mouse } = page;
    await mouse.move(600, 300);
    for (const key of ['Space', 'Alt']) {
      await keyboard.down(key);
      expect(await tool(lacuna)).not.toBe('erase');
      await page.evaluate(() => window.dispatchEvent(new Event('blur')));
      expect(await tool(lacuna)).toBe('erase');
      await keyboard.up(key);
    }
    await lacuna.stroke([left]);
    expect((await coverage(lacuna))(left)).toBe(255);
    await close(lacuna);
  });
});

describe('pen', () => {
  test('pressure narrows the brush, or weakens it; the ring follows the pen before it touches', async () => {
    const lacuna = await opened();
    const cdp = await inputOf(lacuna);
    const line = async (y: number, force: number) => {
      const points = await lacuna.toClient([
        { x: 80, y },
        { x: 320, y },
      ]);
      await penStroke(
        cdp,
        points.map((point) => ({ ...point, force })),
      );
    };
    const [at] = await lacuna.toClient([{ x: 100, y: 60 }]);
    await penHover(cdp, at!);
    const ring = (await lacuna.page.locator('.brush-ring').boundingBox())!;
    expect(Math.abs(ring.x + ring.width / 2 - at!.x)).toBeLessThan(1);
    await line(60, 0.3);
    await lacuna.test('brush-more').click();
    await lacuna.test('brush-pressure-size').click();
    await lacuna.test('brush-pressure-opacity').click();
    await lacuna.page.keyboard.press('Escape');
    await line(160, 0.4);
    const value = await coverage(lacuna);
    expect([value({ x: 200, y: 60 }), value({ x: 200, y: 67 })]).toEqual([255, 0]);
    expect(value({ x: 200, y: 160 })).toBe(102);
    expect(value({ x: 200, y: 167 })).toBe(102);
    await close(lacuna);
  });

  test('the other end of a pen does what the brush does not', async () => {
    const lacuna = await opened();
    await lacuna.stroke([left, right]);
    const [a, b] = await lacuna.toClient([
      { x: 200, y: 60 },
      { x: 200, y: 140 },
    ]);
    const eraser = { pointerType: 'pen', pressure: 1, buttons: 32 };
    await synthetic(lacuna, 'pointerdown', a!, { ...eraser, button: 5 });
    expect(await tool(lacuna)).toBe('restore');
    await synthetic(lacuna, 'pointermove', b!, { ...eraser, button: -1 });
    await synthetic(lacuna, 'pointerup', b!, { pointerType: 'pen', button: 5 });
    expect(await tool(lacuna)).toBe('erase');
    const value = await coverage(lacuna);
    expect([value(left), value({ x: 200, y: 100 })]).toEqual([255, 0]);
    await close(lacuna);
  });

  test('a palm beside the pen paints nothing, before and while it draws', async () => {
    const lacuna = await opened();
    const [a, b, palm] = await lacuna.toClient([left, right, below]);
    const hand = { pointerType: 'touch', pointerId: 7, buttons: 1, isPrimary: false };
    const pen = { pointerType: 'pen', pressure: 1, buttons: 1 };
    await synthetic(lacuna, 'pointerdown', palm!, hand);
    await synthetic(lacuna, 'pointerdown', a!, pen);
    await synthetic(lacuna, 'pointerdown', palm!, { ...hand, pointerId: 8 });
    await synthetic(lacuna, 'pointermove', { x: palm!.x + 60, y: palm!.y }, { ...hand, pointerId: 8 });
    await synthetic(lacuna, 'pointermove', b!, { ...pen, button: -1 });
    for (const pointerId of [7, 8])
      await synthetic(lacuna, 'pointerup', palm!, { ...hand, buttons: 0, pointerId });
    await synthetic(lacuna, 'pointerup', b!, { pointerType: 'pen' });
    const value = await coverage(lacuna);
    expect([value({ x: 200, y: 100 }), value(below)]).toEqual([255, 0]);
    expect(await steps(lacuna)).toBe(1);
    await close(lacuna);
  });

  test('once a pen was seen, a finger only moves the picture, and that is said once', async () => {
    const lacuna = await opened({ hasTouch: true });
    const cdp = await inputOf(lacuna);
    const [a] = await lacuna.toClient([left]);
    await penStroke(cdp, [{ ...a!, force: 0.5 }]);
    const painted = await bounds(lacuna);
    const before = await view(lacuna);
    const path = [
      { x: 600, y: 300 },
      { x: 620, y: 330 },
      { x: 640, y: 350 },
    ];
    await drag(cdp, path);
    await drag(cdp, path);
    const after = await view(lacuna);
    expect([after.x - before.x, after.y - before.y]).toEqual([80, 100]);
    expect(await bounds(lacuna)).toEqual(painted);
    const notice = lacuna.page.locator('.notice', { hasText: 'a finger moves the picture' });
    await notice.first().waitFor();
    expect(await notice.count()).toBe(1);
    await close(lacuna);
  });
});

describe('touch', () => {
  test('two fingers that tap undo, three redo', async () => {
    const lacuna = await opened({ hasTouch: true });
    const cdp = await inputOf(lacuna);
    const [a, b, c] = await lacuna.toClient([left, right, below]);
    await drag(cdp, [a!, b!]);
    expect(await undoable(lacuna)).toBe(true);
    await tap(cdp, [a!, b!]);
    await expect.poll(() => bounds(lacuna)).toBeNull();
    await tap(cdp, [a!, b!, c!]);
    await expect.poll(async () => (await bounds(lacuna))?.width).toBeGreaterThan(230);
    // The next finger paints as ever.
    await drag(cdp, [c!]);
    expect((await coverage(lacuna))(below)).toBe(255);
    await close(lacuna);
  });

  test('two fingers move and zoom; neither paints nor undoes', async () => {
    const lacuna = await opened({ hasTouch: true });
    const cdp = await inputOf(lacuna);
    await lacuna.stroke([below]);
    const painted = await bounds(lacuna);
    const before = await view(lacuna);
    await touch(cdp, 'touchStart', [{ x: 560, y: 300 }]);
    await touch(cdp, 'touchStart', [
      { x: 560, y: 300 },
      { x: 640, y: 300 },
    ]);
    for (let k = 1; k <= 10; k++) {
      await touch(cdp, 'touchMove', [
        { x: 560 - 4 * k, y: 300 + k },
        { x: 640 + 4 * k, y: 300 + k },
      ]);
    }
    await touch(cdp, 'touchEnd', []);
    const after = await view(lacuna);
    // 10 px of each finger's way may have been a tap.
    expect(after.scale / before.scale).toBeGreaterThan(1.5);
    expect(after.scale / before.scale).toBeLessThan(2.1);
    expect(await bounds(lacuna)).toEqual(painted);
    expect(await lacuna.page.evaluate(() => [visualViewport!.scale, scrollX, scrollY])).toEqual([1, 0, 0]);
    await close(lacuna);
  });
});

describe('the page stays as it is', () => {
  test('a wheel with Ctrl, as a pinch on a trackpad sends it, zooms the picture and never the page', async () => {
    const lacuna = await opened();
    await lacuna.page.evaluate(() => {
      addEventListener('wheel', (event) => {
        document.title = event.defaultPrevented ? 'kept' : 'zoomed';
      });
    });
    const before = await view(lacuna);
    for (const id of ['prompt', 'brush-size', 'tool-erase', 'stage']) {
      const box = (await lacuna.test(id).boundingBox())!;
      await lacuna.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await lacuna.page.evaluate(() => {
        document.title = '';
      });
      await lacuna.page.keyboard.down('Control');
      await lacuna.page.mouse.wheel(0, -60);
      await lacuna.page.keyboard.up('Control');
      await expect.poll(() => lacuna.page.title()).toBe('kept');
      if (id !== 'stage') expect((await view(lacuna)).scale).toBe(before.scale);
    }
    expect((await view(lacuna)).scale).toBeGreaterThan(before.scale);
    await close(lacuna);
  });

  test('so do the gestures that Safari sends instead', async () => {
    const lacuna = await opened();
    const before = await view(lacuna);
    const prevented = await lacuna.page.evaluate(() => {
      const send = (target: Element, type: string, scale: number) =>
        !target.dispatchEvent(
          Object.assign(new Event(type, { bubbles: true, cancelable: true }), {
            scale,
            clientX: 640,
            clientY: 300,
          }),
        );
      const stage = document.querySelector('[data-testid=stage]')!;
      const dock = document.querySelector('.dock')!;
      return [
        send(dock, 'gesturestart', 1),
        send(dock, 'gesturechange', 3),
        send(stage, 'gesturestart', 1),
        send(stage, 'gesturechange', 1.2),
        send(stage, 'gesturechange', 1.5),
        send(stage, 'gestureend', 1.5),
      ];
    });
    expect(prevented).toEqual(Array(6).fill(true));
    expect((await view(lacuna)).scale / before.scale).toBeCloseTo(1.5, 2);
    await close(lacuna);
  });

  test('a stroke over the panels selects no text and presses nothing', async () => {
    const lacuna = await opened();
    const [a] = await lacuna.toClient([below]);
    const run = (await lacuna.test('run').boundingBox())!;
    await lacuna.page.mouse.move(a!.x, a!.y);
    await lacuna.page.mouse.down();
    await lacuna.page.mouse.move(400, 780);
    await lacuna.page.mouse.move(run.x + 20, run.y + 10);
    await lacuna.page.mouse.up();
    expect(await lacuna.page.evaluate(() => String(getSelection()))).toBe('');
    expect(await lacuna.page.getByRole('dialog').count()).toBe(0);
    expect(await undoable(lacuna)).toBe(true);
    await close(lacuna);
  });
});
