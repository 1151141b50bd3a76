import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ClientPoint, ImagePoint } from '../geometry/spaces.ts';
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

interface StageControlOptions {
  readonly session: Session;
  /** Frame of what is shown; null while nothing is. */
  readonly frame: () => PixelRect | null;
  /** CSS px that panels cover on a stage of this size. */
  readonly insets: (width: number, height: number) => Insets;
}

/** What buttons, keys and tests may do with the stage. */
export function createStageControl({ session, frame, insets }: StageControlOptions) {
  const viewport = () => session.store.getState().viewport;
  const corner = () =>
    document.querySelector('[data-testid=stage]')?.getBoundingClientRect() ?? { left: 0, top: 0 };

  return {
    fit() {
      const shown = frame();
      const view = viewport();
      if (shown) session.setViewport(fitFrame(view, shown, insets(view.width, view.height)));
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
