import type { Layer as KonvaLayer } from 'konva/lib/Layer.js';
import { Shape } from 'konva/lib/Shape.js';
import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { ViewOptions } from '../editor/viewOptions.ts';
import { type PixelRect, sameRect, union } from '../geometry/rect.ts';
import type { ViewPoint } from '../geometry/spaces.ts';
import type { Insets } from '../geometry/viewport.ts';
import { contentRects } from '../tools/frameTool.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { createBrushRing } from './brushRing.ts';
import { createMarchingAnts } from './marchingAnts.ts';
import { type CheckerColours, createMaskPainter } from './maskPainter.ts';
import { createOverlayView, type Overlay } from './overlay.ts';
import { createPixelGrid } from './pixelGrid.ts';
import { attachPointerInput, type InputNews } from './pointerInput.ts';
import { createRectView } from './rectView.ts';
import { createScene } from './scene.ts';
import { createShapeView } from './shapeView.ts';
import type { Shown } from './shown.ts';
import type { ViewSource } from './viewSource.ts';
import { widenLayer } from './wideLayer.ts';

interface StageParts {
  readonly container: HTMLElement;
  readonly paper: HTMLElement;
  readonly ring: HTMLElement;
  readonly sizeLabel: HTMLElement;
  readonly rect: HTMLElement;
  readonly guideX: HTMLElement;
  readonly guideY: HTMLElement;
  readonly rectLabel: HTMLElement;
  readonly shape: HTMLElement;
  /** CSS px that panels cover on a stage of this size. */
  readonly insets: (width: number, height: number) => Insets;
  readonly sceneLayer: KonvaLayer;
  readonly maskCanvas: HTMLCanvasElement;
  readonly ants: HTMLElement;
  readonly gridCanvas: HTMLCanvasElement;
  readonly overlay: HTMLElement;
  readonly editor: Editor;
  readonly session: Session;
  readonly draft: LiveDraft;
  readonly toolbox: Toolbox;
  readonly source: ViewSource;
  readonly takeProxy: (pictureId: string) => ImageBitmap | null;
  readonly news: InputNews;
}

/** Wires scene, mask painter, rectangle, shapes, brush ring and input to a stage that React has mounted. */
export function attachStage(parts: StageParts) {
  const { container, paper, sceneLayer, session, toolbox } = parts;
  const viewport = () => session.store.getState().viewport;
  let shown: Shown | null = null;
  let inScene: PixelRect | null = null;

  widenLayer(sceneLayer);
  const scene = createScene({ source: parts.source, viewport, onChange: () => sceneLayer.batchDraw() });
  sceneLayer.add(
    new Shape({
      listening: false,
      sceneFunc: (context) => {
        const native = context._context;
        native.save();
        native.setTransform(1, 0, 0, 1, 0, 0);
        scene.draw(native);
        native.restore();
      },
    }),
  );

  let checker = checkerColours(container);
  const painter = createMaskPainter({
    canvas: parts.maskCanvas,
    editor: parts.editor,
    draft: parts.draft,
    session,
    colours: () => checker,
    onPaint: (isOutline) => ants.changed(isOutline),
  });
  const ants = createMarchingAnts({
    element: parts.ants,
    painter: () => painter,
    editor: parts.editor,
    session,
  });
  const grid = createPixelGrid({ canvas: parts.gridCanvas, session });
  const overlay = createOverlayView(parts.overlay, session);

  const ring = createBrushRing({
    ring: parts.ring,
    label: parts.sizeLabel,
    session,
    insets: parts.insets,
  });
  const rects = createRectView({
    container,
    box: parts.rect,
    guideX: parts.guideX,
    guideY: parts.guideY,
    label: parts.rectLabel,
    editor: parts.editor,
    draft: parts.draft,
    session,
    toolbox,
    insets: parts.insets,
  });
  const shapes = createShapeView({ element: parts.shape, session, toolbox });
  /** Pointers report more often than a screen shows, and each move of the ring costs the page's style. */
  let hovered: ViewPoint | null = null;
  let hovering: number | null = null;
  const detach = attachPointerInput({
    ...parts.news,
    container,
    editor: parts.editor,
    session,
    toolbox,
    insets: parts.insets,
    onCursor: ring.setCursor,
    onHover(point) {
      hovered = point;
      hovering ??= requestAnimationFrame(() => {
        hovering = null;
        ring.moveTo(hovered);
        ants.hover(hovered);
        rects.hover(hovered);
      });
    },
  });

  function recolour() {
    checker = checkerColours(container);
    painter.repaintAll();
  }
  const systemTheme = window.matchMedia('(prefers-color-scheme: dark)');
  systemTheme.addEventListener('change', recolour);

  /** With the frame tool, what a smaller frame leaves out is seen as well, so that it can be taken in again. */
  function sceneFrame({ stack, withMask }: Shown): PixelRect {
    if (!withMask || session.store.getState().tool !== 'frame') return stack.frame;
    return contentRects(stack).reduce<PixelRect>((all, rect) => union(all, rect)!, stack.frame);
  }

  function showScene(instant: ImageBitmap | null) {
    const frame = shown && sceneFrame(shown);
    inScene = frame;
    scene.show(shown && frame && { ...shown.stack, frame }, instant);
  }

  function placePaper() {
    if (!shown) return;
    const { tool, liveRect } = session.store.getState();
    const frame = (tool === 'frame' && shown.withMask && liveRect) || shown.stack.frame;
    const { scale, originX, originY } = viewport();
    paper.style.width = `${frame.width * scale}px`;
    paper.style.height = `${frame.height * scale}px`;
    paper.style.transform = `translate(${frame.x * scale + originX}px, ${frame.y * scale + originY}px)`;
    // The squares stay with the picture while an edge of the frame is dragged.
    paper.style.backgroundPosition = `${-frame.x * scale}px ${-frame.y * scale}px`;
  }

  const stop = session.store.subscribe((state, before) => {
    if (state.liveRect !== before.liveRect) placePaper();
    if (state.tool !== before.tool && shown && inScene && !sameRect(sceneFrame(shown), inScene))
      showScene(null);
    if (state.viewport === before.viewport) return;
    placePaper();
    scene.viewportChanged();
    sceneLayer.batchDraw();
  });

  return {
    show(next: Shown | null) {
      shown = next;
      showScene(next && parts.takeProxy(next.stack.picture.id));
      painter.setHidden(!next?.withMask);
      grid.setFrame(next?.stack.frame ?? null);
      rects.setHidden(!next?.withMask);
      placePaper();
    },
    setOverlay(next: Overlay | null) {
      painter.setTint(next?.kind === 'mask' ? next.mask : null);
      overlay.show(next?.kind === 'bitmaps' ? next.pieces : []);
    },
    setView(view: ViewOptions) {
      painter.setView(view);
      grid.setWanted(view.pixelGrid);
    },
    /** After Konva's canvases changed size, or the theme its colours. */
    resized() {
      const { pixelRatio } = viewport();
      const canvas = sceneLayer.getCanvas();
      if (canvas.getPixelRatio() !== pixelRatio) canvas.setPixelRatio(pixelRatio);
      placePaper();
      sceneLayer.batchDraw();
      recolour();
    },
    dispose() {
      stop();
      detach();
      systemTheme.removeEventListener('change', recolour);
      if (hovering !== null) cancelAnimationFrame(hovering);
      ring.dispose();
      rects.dispose();
      shapes.dispose();
      ants.dispose();
      painter.dispose();
      grid.dispose();
      overlay.dispose();
      scene.dispose();
      sceneLayer.destroyChildren();
    },
  };
}

export type MountedStage = ReturnType<typeof attachStage>;

const checkerColours = (element: HTMLElement): CheckerColours => {
  const style = getComputedStyle(element);
  return { light: grey(style, '--checker-light'), dark: grey(style, '--checker-dark') };
};

/** A custom property holding a grey such as #dcdcdc, as a level 0–255. */
function grey(style: CSSStyleDeclaration, property: string): number {
  return Number.parseInt(style.getPropertyValue(property).trim().slice(1, 3), 16) || 0;
}
