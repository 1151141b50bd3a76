import type { ViewPoint } from '../geometry/spaces.ts';
import { viewPoint } from '../geometry/spaces.ts';
import type { Viewport } from '../geometry/viewport.ts';
import { panBy, zoomBy } from '../geometry/viewport.ts';

export interface TwoFingers {
  readonly a: ViewPoint;
  readonly b: ViewPoint;
}

const middle = ({ a, b }: TwoFingers) => viewPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
/** At least 1 CSS px, so that fingers on one spot divide by no zero. */
const spread = ({ a, b }: TwoFingers) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));

/** Two fingers pan by their middle and zoom by their spread, at once. */
export function pinch(viewport: Viewport, before: TwoFingers, now: TwoFingers): Viewport {
  const from = middle(before);
  const to = middle(now);
  return zoomBy(panBy(viewport, to.x - from.x, to.y - from.y), to, spread(now) / spread(before));
}
