import { pixelRect } from '../geometry/rect.ts';
import { guidesOf } from '../geometry/rectEdit.ts';
import { frameLimits, pictureRect } from './frameTool.ts';
import type { RectSubject } from './rectDrag.ts';

/** As far as a frame around the picture may reach: what lies further away could never be seen. */
const REACH = pixelRect(
  -frameLimits.maxEdge,
  -frameLimits.maxEdge,
  3 * frameLimits.maxEdge,
  3 * frameLimits.maxEdge,
);

/** A layer that is moved and scaled; it snaps to the frame and the picture, and may reach beyond both. */
export const placeSubject: RectSubject = {
  rect({ session, place }) {
    const { placing } = session.store.getState();
    return placing === null ? null : place.rectOf(placing);
  },
  guides({ editor }) {
    const document = editor.document();
    return guidesOf(document ? [document.frame, pictureRect(document)] : []);
  },
  limits: () => ({ ...frameLimits, minEdge: 1, bounds: REACH }),
  keepsAspect: true,
  movable: true,
  commit(rect, { session, place }) {
    const { placing } = session.store.getState();
    if (placing !== null) place.set(placing, rect);
  },
};
