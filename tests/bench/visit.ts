import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright';
import { launchBrowser } from '../browser.ts';
import { drag, pinch, toScreen } from './input.ts';
import { installProbe } from './probe.ts';
import { median, quantile } from './statistics.ts';
import type { Point } from './strokes.ts';
import { strokePath, wrongShare } from './strokes.ts';
import { longestTask } from './trace.ts';

export interface Subject {
  readonly name: 'raw' | 'plain Konva' | 'Lacuna';
  readonly url: string;
}

export interface Workload {
  /** Width and height of the picture, px. */
  readonly size: number;
  readonly picture: string;
  readonly strokes: number;
  readonly movesPerStroke: number;
}

/** Figures of one visit; times in ms, memory in MB (10⁶ bytes). */
export interface Figures {
  readonly open: number;
  readonly frameP50: number;
  readonly frameP95: number;
  readonly cpuPerMove: number;
  readonly scriptPerMove: number;
  /** CPU of the last three strokes over that of the second to fourth. */
  readonly growth: number;
  readonly undo: number;
  readonly exportMask: number;
  readonly memoryOpened: number;
  readonly memoryPainting: number;
  readonly longestPainting: number;
  readonly longestExporting: number;
  /** Share of wrong pixels, 0–1. */
  readonly wrong: number;
}

/** Frame intervals while the view of a large picture moves, ms. */
export interface Moving {
  readonly panP95: number;
  readonly zoomP95: number;
  readonly paintAt100P95: number;
}

/** After 200 strokes. */
export interface Many {
  readonly frameP95: number;
  /** CPU per move of the last 20 strokes over that of the first 20. */
  readonly growth: number;
  readonly undo: number;
  /** MB above those after opening. */
  readonly memory: number;
}

/** Time in which a decoder's buffers are given back and work that was put off ends, ms. */
const SETTLING = 2000;

/** Nobody chooses a file sooner after a page came up, ms: what is timed is opening, not the page's own start. */
const ARRIVING = 1000;

/** Resident memory of all renderer processes of the browser at rest, MB, after a garbage collection. */
async function rendererMemory(browser: Browser, session: CDPSession): Promise<number> {
  await delay(SETTLING);
  await session.send('HeapProfiler.collectGarbage');
  const root = await browser.newBrowserCDPSession();
  const { processInfo } = await root.send('SystemInfo.getProcessInfo');
  await root.detach();
  const kilobytes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0));
  return (kilobytes.reduce((sum, value) => sum + value, 0) * 1024) / 1e6;
}

/** CPU seconds of the page's main thread so far. */
async function mainThread(session: CDPSession): Promise<{ task: number; script: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { task: value('TaskDuration'), script: value('ScriptDuration') };
}

async function frames(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => window.bench.startFrames());
  await work();
  return page.evaluate(() => window.bench.stopFrames());
}

async function setBrush(page: Page, diameter: number) {
  await page.getByTestId('tool-erase').click();
  await page.getByTestId('brush-size').evaluate((input, value) => {
    // React listens to the native setter's change.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, String(value));
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, diameter);
}

async function repeated(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await measure());
  return median(values);
}

interface Painted {
  readonly paths: readonly (readonly Point[])[];
  readonly intervals: readonly number[];
  /** Main-thread CPU seconds of each stroke. */
  readonly tasks: readonly number[];
  readonly script: number;
}

async function paint(page: Page, session: CDPSession, load: Workload): Promise<Painted> {
  const planned = Array.from({ length: load.strokes }, (_, k) =>
    strokePath(k, load.movesPerStroke, load.size),
  );
  const screen: { client: Point[]; image: Point[] }[] = [];
  for (const points of planned) screen.push(await toScreen(page, points));
  const tasks: number[] = [];
  const first = await mainThread(session);
  let before = first;
  const intervals = await frames(page, async () => {
    for (const { client } of screen) {
      await drag(session, client);
      const after = await mainThread(session);
      tasks.push(after.task - before.task);
      before = after;
    }
  });
  return { paths: screen.map(({ image }) => image), intervals, tasks, script: before.script - first.script };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function withPage<Value>(
  subject: Subject,
  load: Workload,
  work: (page: Page, session: CDPSession, browser: Browser) => Promise<Value>,
): Promise<Value> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    await page.addInitScript(installProbe);
    await page.goto(subject.url);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await delay(ARRIVING);
    await page.getByTestId('open-input').setInputFiles(load.picture);
    await page.locator('[data-testid=stage][data-state=ready]').waitFor({ timeout: 120_000 });
    return await work(page, session, browser);
  } finally {
    await browser.close();
  }
}

/** Opens, paints, exports and undoes in a fresh browser; then the longest tasks in a short run under trace. */
export function visit(subject: Subject, load: Workload): Promise<Figures> {
  const diameter = Math.round(load.size * 0.05);
  return withPage(subject, load, async (page, session, browser) => {
    const open = await page.evaluate(() => window.bench.opened);
    await setBrush(page, diameter);
    const memoryOpened = await rendererMemory(browser, session);
    const { paths, intervals, tasks, script } = await paint(page, session, load);
    const memoryPainted = await rendererMemory(browser, session);

    const exportMask = await repeated(3, () => page.evaluate(() => window.bench.clickToFile('export-mask')));
    const png = await page.evaluate(() => window.bench.lastFile());
    const bytes = Buffer.from(png.slice(png.indexOf(',') + 1), 'base64');
    const wrong = await wrongShare(bytes, paths, diameter, load.size);
    const undo = await repeated(5, () => page.evaluate(() => window.bench.clickToFrame('undo')));

    const short = { ...load, strokes: 2 };
    const longestPainting = await longestTask(browser, page, () => paint(page, session, short));
    const longestExporting = await longestTask(browser, page, () =>
      page.evaluate(() => window.bench.clickToFile('export-mask')),
    );
    const moves = load.strokes * load.movesPerStroke;
    return {
      open,
      frameP50: median(intervals),
      frameP95: quantile(intervals, 0.95),
      cpuPerMove: (sum(tasks) * 1000) / moves,
      scriptPerMove: (script * 1000) / moves,
      growth: sum(tasks.slice(-3)) / sum(tasks.slice(1, 4)),
      undo,
      exportMask,
      memoryOpened,
      memoryPainting: memoryPainted - memoryOpened,
      longestPainting,
      longestExporting,
      wrong,
    };
  });
}

/** Panning and painting at 100 %, and zooming: only the app can. */
export function visitMoving(subject: Subject, load: Workload): Promise<Moving> {
  return withPage(subject, load, async (page, session) => {
    await setBrush(page, Math.round(load.size * 0.05));
    const box = (await page.getByTestId('stage').boundingBox())!;
    const centre = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    const loop = strokePath(0, load.movesPerStroke, Math.min(box.width, box.height)).map(({ x, y }) => ({
      x: Math.round(box.x + x),
      y: Math.round(box.y + y),
    }));
    const drags = async () => {
      for (let i = 0; i < 3; i++) await drag(session, loop);
    };
    const zoom = await frames(page, () => pinch(session, centre, 180));
    await page.keyboard.press('1');
    const paintAt100 = await frames(page, drags);
    await page.getByTestId('tool-hand').click();
    const pan = await frames(page, drags);
    return {
      panP95: quantile(pan, 0.95),
      zoomP95: quantile(zoom, 0.95),
      paintAt100P95: quantile(paintAt100, 0.95),
    };
  });
}

/** Many short strokes all over the picture: what the history keeps of them must cost neither memory nor time. */
export function visitMany(subject: Subject, load: Workload): Promise<Many> {
  return withPage(subject, load, async (page, session, browser) => {
    await setBrush(page, Math.round(load.size * 0.05));
    const memoryOpened = await rendererMemory(browser, session);
    const { intervals, tasks } = await paint(page, session, { ...load, strokes: 200, movesPerStroke: 40 });
    const memoryPainted = await rendererMemory(browser, session);
    return {
      frameP95: quantile(intervals, 0.95),
      growth: sum(tasks.slice(-20)) / sum(tasks.slice(0, 20)),
      undo: await repeated(5, () => page.evaluate(() => window.bench.clickToFrame('undo'))),
      memory: memoryPainted - memoryOpened,
    };
  });
}
