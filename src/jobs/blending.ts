import { createStore } from 'zustand/vanilla';
import { type BlendSettings, sameBlend } from '../blend/blendSettings.ts';
import { type Command, type Document, replaceLayer, setReblended } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import { type Layer, withPixels } from '../editor/layer.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Selection } from './job.ts';
import type { ImageCodec } from './ports.ts';

/** Whose blending is changed: a result that waits in the tray, or an accepted layer. */
export type BlendTarget =
  | ({ readonly kind: 'result' } & Selection)
  | { readonly kind: 'layer'; readonly id: string };

/** Layers blended with settings that are not in the document yet, to be shown in place of the target's own. */
export interface BlendPreview {
  readonly target: BlendTarget;
  readonly layers: readonly Layer[];
}

export interface BlendingState {
  /** What the sliders say; null when nothing is being changed. */
  readonly settings: BlendSettings | null;
  readonly preview: BlendPreview | null;
}

export interface BlendingOptions {
  readonly editor: Editor;
  readonly codec: Pick<ImageCodec, 'blend' | 'forget'>;
  /** The layers of a result that waits, as the document has them; null when it is gone. */
  readonly layersOfResult: (selection: Selection) => readonly Layer[] | null;
  readonly onError: (error: unknown) => void;
}

/** Rest after which a change of the sliders becomes a step of the history, ms. */
const REST = 500;

export const sameTarget = (a: BlendTarget, b: BlendTarget) =>
  a.kind === 'layer' ? b.kind === 'layer' && a.id === b.id : b.kind === 'result' && a.resultId === b.resultId;

/** Settings of the first of some layers that can be blended again; null when none can. */
export function settingsOf(layers: readonly Layer[]): BlendSettings | null {
  for (const { origin } of layers) if (origin.kind === 'result') return origin.settings;
  return null;
}

/**
 * Blends kept answers again while sliders move: the newest settings win, each is previewed as soon as it is computed,
 * and what has rested becomes one undoable step. Nothing is sent to a service.
 */
export function createBlending({ editor, codec, layersOfResult, onError }: BlendingOptions) {
  const idle: BlendingState = { settings: null, preview: null };
  const store = createStore<BlendingState>(() => idle);
  let target: BlendTarget | null = null;
  let working: { readonly signal: AbortSignal; readonly done: Promise<void> } | null = null;
  let controller = new AbortController();
  let rest: ReturnType<typeof setTimeout> | null = null;
  /** Pictures that were made here and are in no document yet. Any other may be one that history goes back to. */
  const made = new Set<string>();

  function layersOfTarget(of: BlendTarget): readonly Layer[] | null {
    if (of.kind === 'result') return layersOfResult(of);
    const layer = editor.document()?.layers.find(({ id }) => id === of.id);
    return layer ? [layer] : null;
  }

  /** Pictures that were made for a preview and are shown by none are given back. */
  function forgetAllBut(kept: readonly Layer[]) {
    const used = new Set(kept.map(({ image }) => image.id));
    for (const id of made) {
      if (used.has(id)) continue;
      made.delete(id);
      codec.forget(id);
    }
  }

  function show(preview: BlendPreview) {
    store.setState({ preview });
    forgetAllBut(preview.layers);
  }

  function stop() {
    if (rest !== null) clearTimeout(rest);
    rest = null;
    controller.abort();
    target = null;
  }

  function drop() {
    stop();
    store.setState(idle);
    forgetAllBut([]);
  }

  async function blendAgain(signal: AbortSignal, of: BlendTarget, settings: BlendSettings) {
    const document = editor.document();
    const layers = layersOfTarget(of);
    if (!document || !layers) return null;
    const below = stackBelow(document, of);
    const blended: Layer[] = [];
    const shown = store.getState().preview;
    for (const [k, layer] of layers.entries()) {
      const { origin } = layer;
      if (origin.kind !== 'result') {
        blended.push(layer);
        continue;
      }
      const last = shown && sameTarget(shown.target, of) ? (shown.layers[k] ?? layer) : layer;
      const former = last.origin.kind === 'result' && { ...last, settings: last.origin.settings };
      const pixels = await codec.blend(signal, { ...origin, settings, below, ...(former && { former }) });
      if (pixels.image.id !== last.image.id) made.add(pixels.image.id);
      blended.push(withPixels(layer, pixels, { ...origin, settings }));
    }
    return blended;
  }

  /** Until what is shown is what the sliders say. */
  async function work(signal: AbortSignal) {
    for (;;) {
      const { settings, preview } = store.getState();
      const of = target;
      if (!of || !settings) return;
      const done = preview && sameTarget(preview.target, of) ? settingsOf(preview.layers) : null;
      if (done && sameBlend(done, settings)) return;
      const layers = await blendAgain(signal, of, settings);
      if (!layers || signal.aborted) return;
      show({ target: of, layers });
    }
  }

  /** Work for another target, which was stopped, is not waited for. */
  function start() {
    const { signal } = controller;
    if (working?.signal === signal) return working.done;
    const done = work(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        drop();
        onError(error);
      })
      .finally(() => {
        if (working?.signal === signal) working = null;
      });
    working = { signal, done };
    return done;
  }

  /** Makes what is shown a step of the history. */
  function commit() {
    const { preview } = store.getState();
    stop();
    store.setState(idle);
    if (!preview) return;
    const before = layersOfTarget(preview.target) ?? [];
    const [former, now] = [settingsOf(before), settingsOf(preview.layers)];
    const changed = former && now && !sameBlend(former, now);
    if (changed) {
      for (const { image } of preview.layers) made.delete(image.id);
      editor.run('blend', commandFor(preview));
    }
    forgetAllBut([]);
  }

  // Undo, or another document, in mid-change: what the sliders began from is gone.
  editor.store.subscribe(({ document }, { document: former }) => {
    const same = document?.layers === former?.layers && document?.reblended === former?.reblended;
    if (target && !(same && document?.id === former?.id)) drop();
  });

  return {
    store,
    drop,

    /** Makes what the sliders say a step of the history, as soon as it is computed. */
    async settle(): Promise<void> {
      if (!target) return;
      await start();
      if (target) commit();
    },

    /** A slider moved. A change of another target becomes a step first. */
    adjust(of: BlendTarget, change: Partial<BlendSettings>): void {
      if (target && !sameTarget(target, of)) commit();
      const base = store.getState().settings ?? settingsOf(layersOfTarget(of) ?? []);
      if (!base) return;
      if (!target) controller = new AbortController();
      target = of;
      store.setState({ settings: { ...base, ...change } });
      void start();
      if (rest !== null) clearTimeout(rest);
      rest = setTimeout(() => void start().then(commit), REST);
    },
  };
}

function commandFor({ target, layers }: BlendPreview): Command {
  if (target.kind === 'result') return setReblended(target.resultId, layers);
  const [layer] = layers;
  return layer ? replaceLayer(layer) : (document) => document;
}

export type Blending = ReturnType<typeof createBlending>;

/** What a target comes to lie over. */
function stackBelow(document: Document, target: BlendTarget): LayerStack {
  if (target.kind === 'result') return document;
  const at = document.layers.findIndex(({ id }) => id === target.id);
  return { ...document, layers: document.layers.slice(0, at) };
}
