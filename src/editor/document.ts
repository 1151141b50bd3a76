import type { PixelRect } from '../geometry/rect.ts';
import { sameRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack, RasterLayer } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { emptyMask } from '../raster/mask.ts';

/** Everything that can be undone and is saved: an immutable value; neighbours in the history share its parts. */
export interface Document extends LayerStack {
  readonly id: string;
  /** File name without its ending, for the title and for downloads. */
  readonly name: string;
  readonly mask: Mask;
  /** Result groups that were accepted or discarded; all others lie in the tray. Undo brings them back. */
  readonly settledGroups: ReadonlySet<string>;
}

export interface NewDocument {
  readonly id: string;
  readonly name: string;
  readonly picture: ImageRef;
}

export function newDocument({ id, name, picture }: NewDocument): Document {
  const frame: PixelRect = { x: 0, y: 0, width: picture.width, height: picture.height };
  return { id, name, frame, picture, layers: [], mask: emptyMask, settledGroups: new Set() };
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

export const addRasterLayer =
  (layer: RasterLayer): Command =>
  (document) => ({ ...document, layers: [...document.layers, layer] });

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
