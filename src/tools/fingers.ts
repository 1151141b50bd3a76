import type { ViewPoint } from '../geometry/spaces.ts';
import type { TwoFingers } from './pinch.ts';

/** CSS px that a finger may roll while it taps. */
const SLOP = 10;
/** Milliseconds from the first finger down to the last one up. */
const TAP_TIME = 350;

interface Finger {
  readonly from: ViewPoint;
  now: ViewPoint;
}

/** The fingers on the stage: two that move pan and zoom, several that touch it shortly tap. */
export function createFingers() {
  const fingers = new Map<number, Finger>();
  let most = 0;
  let began = 0;
  let still = true;

  function pair(): TwoFingers | null {
    const [a, b] = fingers.values();
    return a && b ? { a: a.now, b: b.now } : null;
  }

  return {
    count: () => fingers.size,
    has: (id: number) => fingers.has(id),
    /** `time` in milliseconds. */
    down(id: number, point: ViewPoint, time: number) {
      if (fingers.size === 0) {
        most = 0;
        began = time;
        still = true;
      }
      fingers.set(id, { from: point, now: point });
      most = Math.max(most, fingers.size);
    },
    /** What the first two fingers do; null while there is one, or while they may yet be a tap. */
    move(id: number, point: ViewPoint): { before: TwoFingers; now: TwoFingers } | null {
      const finger = fingers.get(id);
      if (!finger) return null;
      const before = pair();
      finger.now = point;
      if (Math.hypot(point.x - finger.from.x, point.y - finger.from.y) > SLOP) still = false;
      const now = pair();
      return before && now && !still ? { before, now } : null;
    },
    /** How many fingers have tapped, when this one was the last of a tap; otherwise 0. */
    up(id: number, time: number): number {
      if (!fingers.delete(id) || fingers.size > 0) return 0;
      return still && most > 1 && time - began <= TAP_TIME ? most : 0;
    },
    clear: () => fingers.clear(),
  };
}
