import { intersect } from '../geometry/rect.ts';
import { guidesOf } from '../geometry/rectEdit.ts';
import type { RectSubject } from './rectDrag.ts';
import type { ToolContext } from './tool.ts';

/** Less would show a service too little to go by. */
const LEAST = 16;

const frameOf = ({ editor }: Pick<ToolContext, 'editor'>) => editor.document()?.frame ?? null;

/** The rectangle that will be sent, inside the frame; it snaps to the frame. */
export const planSubject: RectSubject = {
  rect({ editor, session }) {
    const { plan, planRect } = session.store.getState();
    const frame = frameOf({ editor });
    return plan && frame && intersect(planRect ?? plan.rect, frame);
  },
  guides(context) {
    const frame = frameOf(context);
    return guidesOf(frame ? [frame] : []);
  },
  limits: (context) => ({
    minEdge: LEAST,
    maxEdge: Number.POSITIVE_INFINITY,
    maxArea: Number.POSITIVE_INFINITY,
    bounds: frameOf(context),
  }),
  keepsAspect: false,
  movable: true,
  commit: (rect, { session }) => session.setPlanRect(rect),
};
