import './canvas.css';
import './brushRing.css';
import { Konva } from 'konva/lib/Global.js';
import type { Layer as KonvaLayer } from 'konva/lib/Layer.js';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { Layer, Stage } from 'react-konva/lib/ReactKonvaCore.js';
import { useStore } from 'zustand';
import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { ViewOptions } from '../editor/viewOptions.ts';
import type { Handle } from '../geometry/rectEdit.ts';
import { type Insets, resizeStage } from '../geometry/viewport.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { attachStage, type MountedStage } from './mountedStage.ts';
import type { Overlay } from './overlay.ts';
import type { InputNews } from './pointerInput.ts';
import { RectLabel, type RectWords } from './RectLabel.tsx';
import { ShapeOutline } from './ShapeOutline.tsx';
import type { Shown } from './shown.ts';
import type { ViewSource } from './viewSource.ts';

interface CanvasViewProps {
  readonly editor: Editor;
  readonly session: Session;
  readonly draft: LiveDraft;
  readonly toolbox: Toolbox;
  readonly source: ViewSource;
  readonly shown: Shown | null;
  readonly overlay: Overlay | null;
  readonly view: ViewOptions;
  /** The picture is seen without mask and overlay. */
  readonly peeking: boolean;
  /** A bitmap of a whole picture that is at hand already; the stage takes it over. */
  readonly takeProxy: (pictureId: string) => ImageBitmap | null;
  /** Called once the stage knows its size: before, nothing can be fitted into it. */
  readonly onReady: () => void;
  readonly loading: boolean;
  /** Changes when the theme does, whose colours the checkerboard takes. */
  readonly theme: string;
  readonly label: string;
  /** How the keyboard paints; null while the tool does not paint. */
  readonly description: string | null;
  readonly words: RectWords;
  /** CSS px that panels cover on a stage of this size. */
  readonly insets: (width: number, height: number) => Insets;
  /** A stable object. */
  readonly news: InputNews;
}

const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** CSS px of which Konva, which rounds down, makes the same whole device px. */
const konvaEdge = (length: number, pixelRatio: number) =>
  (Math.round(length * pixelRatio) + 0.01) / pixelRatio;

/** The full-bleed stage. React renders its frame; pictures, mask and pointer live in `mountedStage.ts`. */
export function CanvasView(props: CanvasViewProps) {
  const { editor, session, draft, toolbox, source, shown, takeProxy, onReady, loading, theme } = props;
  const { label, description, words, insets, overlay, news, view, peeking } = props;
  const container = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const sizeLabel = useRef<HTMLDivElement>(null);
  const descriptionId = useId();
  const rect = useRef<HTMLDivElement>(null);
  const guideX = useRef<HTMLDivElement>(null);
  const guideY = useRef<HTMLDivElement>(null);
  const rectLabel = useRef<HTMLDivElement>(null);
  const shape = useRef<HTMLDivElement>(null);
  const sceneLayer = useRef<KonvaLayer>(null);
  const maskCanvas = useRef<HTMLCanvasElement>(null);
  const ants = useRef<HTMLDivElement>(null);
  const gridCanvas = useRef<HTMLCanvasElement>(null);
  const overlayPlace = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedStage>(null);
  const width = useStore(session.store, (state) => state.viewport.width);
  const height = useStore(session.store, (state) => state.viewport.height);
  const pixelRatio = useStore(session.store, (state) => state.viewport.pixelRatio);
  const tool = useStore(session.store, (state) => state.heldTool ?? state.tool);
  const waiting = useStore(session.store, (state) => state.waiting);
  const frame = shown?.stack.frame;

  // The stage has the size of the view, never of the picture.
  useLayoutEffect(() => {
    const element = container.current!;
    const ending = new AbortController();
    const { signal } = ending;
    const measure = () => {
      const pixelRatio = window.devicePixelRatio;
      Konva.pixelRatio = pixelRatio;
      const { width, height } = element.getBoundingClientRect();
      // At 110 % a window's CSS px are fractions of its device px, which are what is drawn on.
      const whole = (length: number) => Math.max(1, Math.round(length * pixelRatio)) / pixelRatio;
      const size = { width: whole(width), height: whole(height), pixelRatio };
      session.setViewport(resizeStage(session.store.getState().viewport, size, insets));
    };
    // Browser zoom, or a window moved to another screen, may change the pixel ratio alone.
    const watchRatio = () => {
      const same = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      const changed = () => {
        measure();
        watchRatio();
      };
      same.addEventListener('change', changed, { once: true, signal });
    };
    measure();
    watchRatio();
    onReady();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure, { signal });
    return () => {
      observer.disconnect();
      ending.abort();
    };
  }, [session, onReady, insets]);

  useEffect(() => {
    const stage = attachStage({
      container: container.current!,
      paper: paper.current!,
      ring: ring.current!,
      sizeLabel: sizeLabel.current!,
      rect: rect.current!,
      guideX: guideX.current!,
      guideY: guideY.current!,
      rectLabel: rectLabel.current!,
      shape: shape.current!,
      insets,
      sceneLayer: sceneLayer.current!,
      maskCanvas: maskCanvas.current!,
      ants: ants.current!,
      gridCanvas: gridCanvas.current!,
      overlay: overlayPlace.current!,
      editor,
      session,
      draft,
      toolbox,
      source,
      takeProxy,
      news,
    });
    mounted.current = stage;
    return () => {
      mounted.current = null;
      stage.dispose();
    };
  }, [editor, session, draft, toolbox, source, takeProxy, insets, news]);

  useEffect(() => {
    mounted.current?.show(shown);
  }, [shown]);

  useEffect(() => {
    mounted.current?.setOverlay(overlay);
  }, [overlay]);

  useEffect(() => {
    mounted.current?.setView(view);
  }, [view]);

  // Konva has resized and cleared its canvases by now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs because they changed, without reading them
  useEffect(() => {
    mounted.current?.resized();
  }, [width, height, pixelRatio, theme]);

  return (
    <>
      <div
        ref={container}
        className="stage"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is painted on by keyboard
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-describedby={description === null ? undefined : descriptionId}
        data-testid="stage"
        data-tool={tool}
        data-waiting={waiting || undefined}
        aria-busy={waiting}
        data-peeking={peeking || undefined}
        data-state={loading ? 'loading' : shown ? 'ready' : 'empty'}
        data-image-width={frame?.width}
        data-image-height={frame?.height}
      >
        <div ref={paper} className="paper" hidden={!shown} />
        <Stage width={konvaEdge(width, pixelRatio)} height={konvaEdge(height, pixelRatio)} listening={false}>
          <Layer ref={sceneLayer} listening={false} />
        </Stage>
        <div ref={overlayPlace} className="overlay" hidden />
        <canvas ref={maskCanvas} className="mask" hidden />
        <div ref={ants} className="ants" hidden>
          <i />
        </div>
        <canvas ref={gridCanvas} className="pixel-grid" hidden />
        <div ref={guideX} className="guide-x" hidden />
        <div ref={guideY} className="guide-y" hidden />
        <div ref={rect} className="rect" hidden>
          {handles.map((handle) => (
            <span key={handle} data-handle={handle} />
          ))}
        </div>
        <ShapeOutline ref={shape} />
        <div ref={ring} className="brush-ring" hidden />
        <div ref={sizeLabel} className="brush-size-label" aria-hidden hidden />
      </div>
      <p id={descriptionId} hidden>
        {description}
      </p>
      <RectLabel
        ref={rectLabel}
        session={session}
        words={words}
        onAdjust={() => container.current?.focus({ preventScroll: true })}
      />
    </>
  );
}
