import type { PixelRect } from '../geometry/rect.ts';
import { sameRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { emptyMask } from '../raster/mask.ts';
import type { Layer } from './layer.ts';

/** Everything that can be undone and is saved: an immutable value; neighbours in the history share its parts. */
export interface Document extends LayerStack {
  readonly id: string;
  /** File name without its ending, for the title and for downloads. */
  readonly name: string;
  /** From bottom to top. */
  readonly layers: readonly Layer[];
  readonly mask: Mask;
  /** Result groups that were accepted or discarded; all others lie in the tray. Undo brings them back. */
  readonly settledGroups: ReadonlySet<string>;
  /** By result id: the layers of a result that waits in the tray, as the user has blended it since. */
  readonly reblended: ReadonlyMap<string, readonly Layer[]>;
}

export interface NewDocument {
  readonly id: string;
  readonly name: string;
  readonly picture: ImageRef;
}

export function newDocument({ id, name, picture }: NewDocument): Document {
  const frame: PixelRect = { x: 0, y: 0, width: picture.width, height: picture.height };
  return {
    id,
    name,
    frame,
    picture,
    layers: [],
    mask: emptyMask,
    settledGroups: new Set(),
    reblended: new Map(),
  };
}

/** A command maps a document to the next one; returning the same object means "nothing to do". */
export type Command = (document: Document) => Document;

export const setMask =
  (mask: Mask): Command =>
  (document) =>
    mask === document.mask ? document : { ...document, mask };

/** Grows or crops the document; pictures, layers and the mask keep their places, and what lies outside is kept. */
export const setFrame =
  (frame: PixelRect): Command =>
  (document) =>
    sameRect(frame, document.frame) ? document : { ...document, frame };

/** On top of all others. */
export const addLayers =
  (layers: readonly Layer[]): Command =>
  (document) =>
    layers.length === 0 ? document : { ...document, layers: [...document.layers, ...layers] };

/** The layer that takes the place of the one with its id. */
export const replaceLayer =
  (layer: Layer): Command =>
  (document) => {
    const layers = document.layers.map((other) => (other.id === layer.id ? layer : other));
    return layers.every((other, k) => other === document.layers[k]) ? document : { ...document, layers };
  };

export const removeLayer =
  (id: string): Command =>
  (document) => {
    const layers = document.layers.filter((layer) => layer.id !== id);
    return layers.length === document.layers.length ? document : { ...document, layers };
  };

/** To another place in the stack: 0 is the bottom. */
export const moveLayer =
  (id: string, to: number): Command =>
  (document) => {
    const from = document.layers.findIndex((layer) => layer.id === id);
    const target = Math.min(document.layers.length - 1, Math.max(0, to));
    if (from < 0 || from === target) return document;
    const layers = [...document.layers];
    layers.splice(target, 0, ...layers.splice(from, 1));
    return { ...document, layers };
  };

/** `merged` takes the place of the layers with these ids, where the lowest of them was. */
export const mergeLayers =
  (ids: readonly string[], merged: Layer): Command =>
  (document) => {
    const at = document.layers.findIndex(({ id }) => ids.includes(id));
    if (at < 0) return document;
    const rest = document.layers.filter(({ id }) => !ids.includes(id));
    return { ...document, layers: rest.toSpliced(at, 0, merged) };
  };

export const setReblended =
  (resultId: string, layers: readonly Layer[]): Command =>
  (document) => ({ ...document, reblended: new Map([...document.reblended, [resultId, layers]]) });

export const settleGroups =
  (ids: readonly string[]): Command =>
  (document) => {
    const settledGroups = new Set([...document.settledGroups, ...ids]);
    return settledGroups.size === document.settledGroups.size ? document : { ...document, settledGroups };
  };

export const chain =
  (...commands: readonly Command[]): Command =>
  (document) =>
    commands.reduce((current, command) => command(current), document);

/** True when both flatten to the same pixels. */
export const sameStack = (a: LayerStack, b: LayerStack) =>
  a === b || (a.picture.id === b.picture.id && a.layers === b.layers && sameRect(a.frame, b.frame));
