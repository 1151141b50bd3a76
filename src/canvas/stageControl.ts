import type { Session } from '../editor/session.ts';
import { expand, type PixelRect } from '../geometry/rect.ts';
import { type ClientPoint, type ImagePoint, viewPoint } from '../geometry/spaces.ts';
import {
  clientToView,
  fitFrame,
  type Insets,
  imageToView,
  scaleAt,
  viewCentre,
  viewToClient,
  viewToImage,
  zoomBy,
} from '../geometry/viewport.ts';

/** Where something ends, document px. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface StageControlOptions {
  readonly session: Session;
  /** Frame of what is shown; null while nothing is. */
  readonly frame: () => PixelRect | null;
  /** CSS px that panels cover on a stage of this size. */
  readonly insets: (width: number, height: number) => Insets;
}

/** Left free around the frame where its edges are to be dragged outwards; a share of its longer edge. */
const ROOM = 0.15;

export const withRoom = (frame: PixelRect) =>
  expand(frame, Math.ceil(Math.max(frame.width, frame.height) * ROOM)) ?? frame;

/** What buttons, keys and tests may do with the stage. */
export function createStageControl({ session, frame, insets }: StageControlOptions) {
  const viewport = () => session.store.getState().viewport;
  const corner = () =>
    document.querySelector('[data-testid=stage]')?.getBoundingClientRect() ?? { left: 0, top: 0 };

  function fit() {
    const shown = frame();
    const view = viewport();
    if (!shown) return;
    const wanted = session.store.getState().tool === 'frame' ? withRoom(shown) : shown;
    session.setViewport(fitFrame(view, wanted, insets(view.width, view.height)));
  }

  return {
    /** Shows all, with room around it while the frame is being changed. */
    fit,
    /** Document px that lie between the panels, fractional. */
    inSight(): Edges {
      const view = viewport();
      const { left, top, right, bottom } = insets(view.width, view.height);
      const corner = viewToImage(view, viewPoint(left, top));
      const end = viewToImage(view, viewPoint(view.width - right, view.height - bottom));
      return { left: corner.x, top: corner.y, right: end.x, bottom: end.y };
    },
    actualSize() {
      const view = viewport();
      session.setViewport(scaleAt(view, viewCentre(view), 1 / view.pixelRatio));
    },
    zoomBy(factor: number) {
      const view = viewport();
      session.setViewport(zoomBy(view, viewCentre(view), factor));
    },
    imageToClient: (point: ImagePoint): ClientPoint => viewToClient(corner(), imageToView(viewport(), point)),
    clientToImage: (point: ClientPoint): ImagePoint => viewToImage(viewport(), clientToView(corner(), point)),
  };
}
