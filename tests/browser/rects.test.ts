import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startVitePage, type VitePage } from '../vitePage.ts';
import type { RectPage } from './rectPage.tsx';

let served: VitePage;
let page: Page;
const failures: string[] = [];
beforeAll(async () => {
  served = await startVitePage('/tests/browser/rectPage.tsx', [
    'react',
    'react/jsx-dev-runtime',
    'react-dom/client',
    'react-konva/lib/ReactKonvaCore.js',
    'konva/lib/Global.js',
    'konva/lib/Shape.js',
    'zustand',
    'zustand/vanilla',
  ]);
});
afterAll(() => served?.close());
beforeEach(async () => {
  page = await (await served.newContext()).newPage();
  page.on('pageerror', (error) => {
    // Vite's own client, which the style sheets bring, finds no socket: none is served.
    if (!error.message.includes('WebSocket')) failures.push(error.message);
  });
  await page.goto(`${served.origin}/`);
  await page.getByTestId('stage').waitFor();
  await page.waitForFunction(() => 'rectPage' in window);
});
afterEach(async () => {
  expect(failures).toEqual([]);
  await page.context().close();
});

/** Calls a method of `rectPage.tsx` in the browser. */
const call = <Name extends keyof RectPage>(
  name: Name,
  ...args: Parameters<RectPage[Name]>
): Promise<ReturnType<RectPage[Name]>> =>
  page.evaluate(
    ([method, values]) => {
      const { rectPage } = window as unknown as { rectPage: Record<string, (...given: unknown[]) => never> };
      return rectPage[method]!(...values);
    },
    [name, args] as const,
  );

async function drag(from: readonly [number, number], to: readonly [number, number]) {
  const start = await call('client', ...from);
  const end = await call('client', ...to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

const plan = { rect: { x: 400, y: 200, width: 400, height: 300 }, label: '1024 × 768, 2.6 × sharper' };
const label = () => page.getByTestId('plan-label');
const box = () => page.locator('.stage .rect');
const cursor = () => page.getByTestId('stage').evaluate((stage) => getComputedStyle(stage).cursor);

test('the plan is shown with its label at its corner, and not while a stroke is made', async () => {
  expect(await box().isVisible()).toBe(false);
  await call('setPlan', plan);
  expect(await label().textContent()).toBe(plan.label);
  const corner = await call('client', 400, 200);
  const outline = (await box().boundingBox())!;
  expect(Math.hypot(outline.x - corner.x, outline.y - corner.y)).toBeLessThan(1);
  const place = (await label().boundingBox())!;
  expect(Math.abs(place.x - corner.x)).toBeLessThan(2);
  expect(place.y + place.height).toBeLessThanOrEqual(corner.y);
  const start = await call('client', 500, 300);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y);
  expect([await box().isVisible(), await label().isVisible()]).toEqual([false, false]);
  await page.mouse.up();
  expect([await box().isVisible(), await label().isVisible()]).toEqual([true, true]);
  await call('setPlan', null);
  expect([await box().isVisible(), await label().isVisible()]).toEqual([false, false]);
});

test('pressing the label adjusts the plan; its edges, its inside and the arrow keys change it', async () => {
  await call('setPlan', plan);
  await label().click();
  expect((await call('state')).tool).toBe('plan');
  await drag([800, 350], [900, 360]);
  const wider = (await call('state')).planRect!;
  expect(wider).toMatchObject({ x: 400, y: 200, height: 300 });
  expect(Math.abs(wider.width - 500)).toBeLessThan(4);
  await drag([600, 350], [640, 350]);
  const moved = (await call('state')).planRect!;
  expect(Math.abs(moved.x - 440)).toBeLessThan(4);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowDown');
  expect((await call('state')).planRect).toEqual({ ...moved, x: moved.x - 1, y: moved.y + 10 });
  await page.getByTestId('plan-reset').click();
  expect((await call('state')).planRect).toBeNull();
  await label().click();
  expect((await call('state')).tool).toBe('erase');
});

test('a double click on the label gives the choice back', async () => {
  await call('setPlan', plan);
  await label().click();
  await drag([800, 350], [900, 360]);
  await label().dblclick();
  expect((await call('state')).planRect).toBeNull();
});

test('the label is reached and pressed by keyboard, and the arrows then move the rectangle', async () => {
  await call('setPlan', plan);
  await page.getByTestId('stage').focus();
  await page.keyboard.press('Tab');
  expect(await label().evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  expect((await call('state')).planRect).toEqual({ ...plan.rect, x: 401 });
});

test('a layer is moved and scaled; the cursor says what a drag would do', async () => {
  await call('place');
  const corner = await call('client', 440, 310);
  await page.mouse.move(corner.x, corner.y);
  expect(await cursor()).toBe('nwse-resize');
  const edge = await call('client', 320, 150);
  await page.mouse.move(edge.x, edge.y);
  expect(await cursor()).toBe('ns-resize');
  await drag([320, 230], [372, 230]);
  expect(await cursor()).toBe('move');
  const moved = await call('layer');
  expect(Math.abs(moved.x - 252)).toBeLessThan(4);
  await drag([moved.x + 240, moved.y + 160], [moved.x + 480, moved.y + 160]);
  const scaled = await call('layer');
  expect(scaled).toMatchObject({ x: moved.x, y: moved.y });
  expect(Math.abs(scaled.width / scaled.height - 1.5)).toBeLessThan(0.01);
  await call('leave');
  expect(await box().isVisible()).toBe(false);
  expect(await cursor()).toBe('none');
});
