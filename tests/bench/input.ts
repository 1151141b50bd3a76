import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright';
import type { Point } from './strokes.ts';

/** Pointer readings per second, as a good mouse sends them. */
const RATE = 250;

/** Whole CSS px for points of the picture, and the points they really stand for. */
export function toScreen(page: Page, points: readonly Point[]): Promise<{ client: Point[]; image: Point[] }> {
  return page.evaluate(
    (list) => {
      const client = list.map((point) => {
        const { x, y } = window.lacuna.imageToClient(point);
        return { x: Math.round(x), y: Math.round(y) };
      });
      return { client, image: client.map((point) => window.lacuna.clientToImage(point)) };
    },
    [...points],
  );
}

/** Work at a fixed rate, whether the page keeps up or not; resolves when the page has answered everything. */
async function openLoop(count: number, rate: number, send: (index: number) => Promise<unknown>) {
  const start = performance.now();
  const sent: Promise<unknown>[] = [];
  while (sent.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * rate) / 1000) + 1);
    while (sent.length < due) sent.push(send(sent.length));
    await delay(1);
  }
  await Promise.all(sent);
}

type Kind = 'mousePressed' | 'mouseMoved' | 'mouseReleased';

/** Presses at the first point, moves through the others, releases at the last. */
export async function drag(session: CDPSession, points: readonly Point[]) {
  const mouse = (type: Kind, { x, y }: Point, buttons: number) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      buttons,
      button: 'left',
      clickCount: type === 'mouseMoved' ? 0 : 1,
      pointerType: 'mouse',
    });
  await mouse('mouseMoved', points[0]!, 0);
  await mouse('mousePressed', points[0]!, 1);
  await openLoop(points.length - 1, RATE, (i) => mouse('mouseMoved', points[i + 1]!, 1));
  await mouse('mouseReleased', points.at(-1)!, 0);
}

/** A trackpad pinch: `count` steps at 60 Hz, first in, then out again. */
export function pinch(session: CDPSession, { x, y }: Point, count: number) {
  return openLoop(count, 60, (i) =>
    session.send('Input.dispatchMouseEvent', {
      type: 'mouseWheel',
      x,
      y,
      deltaX: 0,
      deltaY: i < count / 2 ? -8 : 8,
      modifiers: 2,
    }),
  );
}
