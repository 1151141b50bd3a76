import './canvas.css';
import { Konva } from 'konva/lib/Global.js';
import type { Layer as KonvaLayer } from 'konva/lib/Layer.js';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { Layer, Stage } from 'react-konva/lib/ReactKonvaCore.js';
import { useStore } from 'zustand';
import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { Handle } from '../geometry/rectEdit.ts';
import { type Insets, resizeStage } from '../geometry/viewport.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { attachStage, type MountedStage } from './mountedStage.ts';
import type { Overlay } from './overlay.ts';
import { RectLabel, type RectWords } from './RectLabel.tsx';
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
  /** A bitmap of a whole picture that is at hand already; the stage takes it over. */
  readonly takeProxy: (pictureId: string) => ImageBitmap | null;
  /** Called once the stage knows its size: before, nothing can be fitted into it. */
  readonly onReady: () => void;
  readonly loading: boolean;
  /** Changes when the theme does, whose colours the checkerboard takes. */
  readonly theme: string;
  readonly label: string;
  readonly words: RectWords;
  /** CSS px that panels cover on a stage of this size. */
  readonly insets: (width: number, height: number) => Insets;
}

const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** The full-bleed stage. React renders its frame; pictures, mask and pointer live in `mountedStage.ts`. */
export function CanvasView(props: CanvasViewProps) {
  const { editor, session, draft, toolbox, source, shown, takeProxy, onReady, loading, theme } = props;
  const { label, words, insets, overlay } = props;
  const container = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const rect = useRef<HTMLDivElement>(null);
  const guideX = useRef<HTMLDivElement>(null);
  const guideY = useRef<HTMLDivElement>(null);
  const rectLabel = useRef<HTMLDivElement>(null);
  const sceneLayer = useRef<KonvaLayer>(null);
  const maskCanvas = useRef<HTMLCanvasElement>(null);
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
    const measure = () => {
      Konva.pixelRatio = window.devicePixelRatio;
      const { viewport } = session.store.getState();
      session.setViewport(
        resizeStage(viewport, element.clientWidth, element.clientHeight, window.devicePixelRatio),
      );
    };
    measure();
    onReady();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Browser zoom changes the pixel ratio, sometimes without changing the size.
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [session, onReady]);

  useEffect(() => {
    const stage = attachStage({
      container: container.current!,
      paper: paper.current!,
      ring: ring.current!,
      rect: rect.current!,
      guideX: guideX.current!,
      guideY: guideY.current!,
      rectLabel: rectLabel.current!,
      insets,
      sceneLayer: sceneLayer.current!,
      maskCanvas: maskCanvas.current!,
      overlay: overlayPlace.current!,
      editor,
      session,
      draft,
      toolbox,
      source,
      takeProxy,
    });
    mounted.current = stage;
    return () => {
      mounted.current = null;
      stage.dispose();
    };
  }, [editor, session, draft, toolbox, source, takeProxy, insets]);

  useEffect(() => {
    mounted.current?.show(shown);
  }, [shown]);

  useEffect(() => {
    mounted.current?.setOverlay(overlay);
  }, [overlay]);

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
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes the focus after a decision in the tray
        tabIndex={0}
        role="application"
        aria-label={label}
        data-testid="stage"
        data-tool={tool}
        data-waiting={waiting || undefined}
        aria-busy={waiting}
        data-state={loading ? 'loading' : shown ? 'ready' : 'empty'}
        data-image-width={frame?.width}
        data-image-height={frame?.height}
      >
        <div ref={paper} className="paper" hidden={!shown} />
        <Stage width={width} height={height} listening={false}>
          <Layer ref={sceneLayer} listening={false} />
        </Stage>
        <div ref={overlayPlace} className="overlay" hidden />
        <canvas ref={maskCanvas} className="mask" hidden />
        <div ref={guideX} className="guide-x" hidden />
        <div ref={guideY} className="guide-y" hidden />
        <div ref={rect} className="rect" hidden>
          {handles.map((handle) => (
            <span key={handle} data-handle={handle} />
          ))}
        </div>
        <div ref={ring} className="brush-ring" hidden />
      </div>
      <RectLabel
        ref={rectLabel}
        session={session}
        words={words}
        onAdjust={() => container.current?.focus({ preventScroll: true })}
      />
    </>
  );
}
