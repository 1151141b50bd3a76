import type { CDPSession } from 'playwright';
import type { LacunaPage, Point } from './lacunaPage.ts';

/** The browser's own input, below what Playwright offers: pens and several fingers. */
export const inputOf = (lacuna: LacunaPage) => lacuna.page.context().newCDPSession(lacuna.page);

/** Fingers on the glass, in the order in which they came; none lifts all. Client px. */
export function touch(
  cdp: CDPSession,
  type: 'touchStart' | 'touchMove' | 'touchEnd',
  fingers: readonly Point[],
) {
  return cdp.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: fingers.map((point, id) => ({ ...point, id })),
  });
}

export async function tap(cdp: CDPSession, fingers: readonly Point[]) {
  for (let n = 1; n <= fingers.length; n++) await touch(cdp, 'touchStart', fingers.slice(0, n));
  await touch(cdp, 'touchEnd', []);
}

export async function drag(cdp: CDPSession, points: readonly Point[]) {
  await touch(cdp, 'touchStart', [points[0]!]);
  for (const point of points.slice(1)) await touch(cdp, 'touchMove', [point]);
  await touch(cdp, 'touchEnd', []);
}

export interface PenPoint extends Point {
  /** 0–1. */
  readonly force: number;
}

const pen = (
  cdp: CDPSession,
  type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
  at: PenPoint,
  down: boolean,
) =>
  cdp.send('Input.dispatchMouseEvent', {
    type,
    ...at,
    pointerType: 'pen',
    button: type === 'mouseMoved' && !down ? 'none' : 'left',
    buttons: down ? 1 : 0,
    clickCount: type === 'mouseMoved' ? 0 : 1,
    tiltX: 30,
    tiltY: -20,
  });

export const penHover = (cdp: CDPSession, at: Point) => pen(cdp, 'mouseMoved', { ...at, force: 0 }, false);

export async function penStroke(cdp: CDPSession, points: readonly PenPoint[]) {
  await penHover(cdp, points[0]!);
  await pen(cdp, 'mousePressed', points[0]!, true);
  for (const point of points.slice(1)) await pen(cdp, 'mouseMoved', point, true);
  await pen(cdp, 'mouseReleased', points.at(-1)!, false);
}

interface PointerInit {
  readonly pointerId?: number;
  readonly pointerType?: string;
  readonly isPrimary?: boolean;
  readonly pressure?: number;
  readonly button?: number;
  readonly buttons?: number;
}

/** Events that no remote control makes: the other end of a pen, a palm beside it. */
export function synthetic(
  lacuna: LacunaPage,
  type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel' | 'lostpointercapture',
  at: Point,
  init: PointerInit = {},
) {
  return lacuna.test('stage').evaluate(
    (stage, [name, { x, y }, rest]) => {
      const common = { bubbles: true, cancelable: true, isPrimary: true, clientX: x, clientY: y };
      stage.dispatchEvent(new PointerEvent(name, { ...common, pointerId: 1, pointerType: 'mouse', ...rest }));
    },
    [type, { x: at.x, y: at.y }, init] as const,
  );
}
