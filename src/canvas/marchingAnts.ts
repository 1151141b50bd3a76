import type { Editor } from '../editor/editor.ts';
import type { Session } from '../editor/session.ts';
import type { ViewPoint } from '../geometry/spaces.ts';
import { viewToImage } from '../geometry/viewport.ts';
import { coverageAt } from '../raster/coverage.ts';
import { dashLength } from './maskLooks.ts';
import type { MaskPainter } from './maskPainter.ts';

/** Rest of the mask, ms, before its outline marches again. */
const REST_MS = 120;
/** An outline of more runs of px than this is noise: it stays still. Each run costs the browser about 1 µs, once. */
const MOST_RUNS = 30_000;

interface MarchingAntsOptions {
  /** Laid over the stage; its only child is striped and moves (`canvas.css`). */
  readonly element: HTMLElement;
  readonly painter: () => MaskPainter;
  readonly editor: Editor;
  readonly session: Session;
}

/**
 * Lets the outline march while the pointer is over the mask. The outline's px clip an element whose striped child is
 * moved by a CSS animation: the browser's compositor does it, so a frame costs the page's thread nothing. Nothing is
 * there otherwise: the still outline below has the same px.
 */
export function createMarchingAnts({ element, painter, editor, session }: MarchingAntsOptions) {
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  let pointer: ViewPoint | null = null;
  let resting: ReturnType<typeof setTimeout> | null = null;
  let marching = false;
  /** The outline that is shown has nothing that could march: not looked for at each move of the pointer. */
  let pathless = false;

  function overMask(): boolean {
    const mask = editor.document()?.mask;
    if (!pointer || !mask || mask.tiles.size === 0) return false;
    const { x, y } = viewToImage(session.store.getState().viewport, pointer);
    return coverageAt(mask, Math.floor(x), Math.floor(y)) > 0;
  }

  function halt() {
    if (resting !== null) clearTimeout(resting);
    resting = null;
    if (!marching) return;
    marching = false;
    element.hidden = true;
    element.style.clipPath = '';
  }

  function march() {
    const outline = stillness.matches || marching || pathless || !overMask() ? null : painter().outline();
    const path = outline && rimPath(outline.words, outline.area.width, outline.area.height);
    pathless = outline !== null && !path;
    if (!outline || !path) return;
    const { area, pixelRatio } = outline;
    marching = true;
    // In device px, so that the path is exact at every pixel ratio.
    element.style.width = `${area.width}px`;
    element.style.height = `${area.height}px`;
    element.style.transform = `translate(${area.x / pixelRatio}px, ${area.y / pixelRatio}px) scale(${1 / pixelRatio})`;
    element.style.setProperty('--dash', `${dashLength(pixelRatio)}px`);
    element.style.clipPath = `path("${path}")`;
    element.hidden = false;
  }

  return {
    hover(point: ViewPoint | null) {
      pointer = point;
      if (!overMask()) halt();
      else if (resting === null) march();
    },
    /** The mask was painted anew, moved or hidden. */
    changed(isOutline: boolean) {
      halt();
      pathless = false;
      if (isOutline && overMask()) {
        resting = setTimeout(() => {
          resting = null;
          march();
        }, REST_MS);
      }
    },
    dispose: halt,
  };
}

/** Set px as a path of one-px-high runs; null when there are none, or too many. */
export function rimPath(words: Uint32Array, width: number, height: number): string | null {
  const runs: string[] = [];
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    for (let i = y * width; i < end; i++) {
      if (words[i] === 0) continue;
      let stop = i + 1;
      while (stop < end && words[stop] !== 0) stop++;
      runs.push(`M${i - y * width} ${y}h${stop - i}v1h${i - stop}z`);
      i = stop;
    }
    if (runs.length > MOST_RUNS) return null;
  }
  return runs.length > 0 ? runs.join('') : null;
}
