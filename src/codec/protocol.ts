import type { BlendSettings } from '../blend/blendSettings.ts';
import type { ColourMatch } from '../blend/colourMatch.ts';
import type { Comparison } from '../blend/comparison.ts';
import type { CropPlan } from '../blend/cropPlan.ts';
import type { Window } from '../blend/resample.ts';
import type { Size } from '../blend/size.ts';
import type { Changes } from '../blend/verify.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { MaskWay } from '../raster/combineSteps.ts';
import type { FramePlace } from '../raster/framePlace.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import type { MaskPatch } from '../raster/maskPatch.ts';
import type { MaskEncoding } from '../raster/maskPng.ts';
import type { ReadMask } from '../raster/maskReader.ts';
import type { MaskOperation } from '../raster/operations/operation.ts';
import type { PackedMask } from '../raster/packedMask.ts';
import type { ColourReach, ColourSeed } from '../select/colourSelection.ts';
import type { CodecErrorCode, CodecErrorDetails } from './codecError.ts';
import type { ImageType } from './header/imageInfo.ts';
import type { MetadataChoice } from './metadata/exifToWrite.ts';

/** What happened to a picture on its way in, to be told to the user. */
export type Notice =
  /** More than 8 bits per channel were rounded to 8. */
  | 'sixteen-bit'
  /** CMYK was converted to sRGB by the browser: by its profile (Chromium does), or roughly when it has none. */
  | 'cmyk'
  /** Only the first frame of an animation was taken. */
  | 'first-frame'
  /** A colour profile of a kind that can't be kept was converted to sRGB by the browser. */
  | 'colour-converted'
  /** This browser gives partly transparent pixels of this format only rounded. */
  | 'alpha-rounded';

export interface OpenedImage {
  readonly ref: ImageRef;
  /** Upright, in the screen's colours; its longer edge is at most 2048. The caller closes it. */
  readonly proxy: ImageBitmap;
  readonly notices: readonly Notice[];
  readonly type: ImageType;
  /** The file has an alpha channel; its pixels may all be opaque. */
  readonly hasAlpha: boolean;
}

export type PictureFormat = 'image/png' | 'image/jpeg' | 'image/webp';

export interface PictureOptions {
  readonly format: PictureFormat;
  /** 0 … 1, of JPEG and WebP. */
  readonly quality?: number;
  readonly metadata: MetadataChoice;
  /** Written into a PNG, as it is given; `readRecipe` gives it back. */
  readonly recipe: string | null;
}

/** Document px, may be fractional. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where pixels come from: enough to make them again. */
export type ImageSource =
  | { readonly kind: 'file'; readonly blob: Blob }
  | FittedSource
  /** What is seen of a stack in `rect`. */
  | { readonly kind: 'flattened'; readonly stack: WireStack; readonly rect: PixelRect };

/** A window of another image, scaled to `size` and converted into a document's colours. */
export interface FittedSource {
  readonly kind: 'fitted';
  readonly image: string;
  readonly window: Window;
  readonly size: Size;
  /** Whose colour space it is in; null leaves it sRGB. */
  readonly picture: string | null;
  readonly colour: { readonly match: ColourMatch; readonly strength: number } | null;
  /** Bends the colours so that they meet what lies below at the border of `weights`. `rect` has the given size. */
  readonly seam: { readonly below: WireStack; readonly rect: PixelRect; readonly weights: number } | null;
}

/** A mask crosses once and is named by its number from then on. */
export interface WireStack {
  readonly frame: PixelRect;
  readonly picture: ImageRef;
  readonly layers: readonly {
    readonly id: string;
    readonly image: ImageRef;
    readonly rect: PixelRect;
    readonly mask: number;
    readonly visible: boolean;
  }[];
}

/** What the worker does: what each method takes and gives. */
export interface CodecMethods {
  open(call: { id: string; blob: Blob; screen: PredefinedColorSpace }): OpenedImage;
  renderView(call: {
    stack: WireStack;
    region: Region;
    outWidth: number;
    outHeight: number;
    screen: PredefinedColorSpace;
  }): ImageBitmap;
  encodeMask(call: { mask: number; frame: PixelRect; picture: ImageRef; encoding: MaskEncoding }): Blob;
  readMask(call: { blob: Blob }): PackedMaskFile;
  operateMask(call: { mask: number; frame: PixelRect; operation: MaskOperation }): MaskPatch;
  combineMasks(call: { base: number; given: number; how: MaskJoin }): MaskPatch;
  encodePicture(call: { stack: WireStack; options: PictureOptions }): Blob;
  encodeHole(call: { stack: WireStack; mask: number; metadata: MetadataChoice }): Blob;
  askedMask(call: { painted: number; uncovered: number; frame: PixelRect; overlap: number }): PackedMask;
  cropForService(call: { stack: WireStack; plan: CropPlan; asked: number }): Blob;
  growForService(call: { asked: number; plan: CropPlan; frame: PixelRect; grow: number }): PackedMask;
  /** What of a mask lies in `from`, moved and scaled to `to`. */
  scaleMask(call: { mask: number; from: PixelRect; to: PixelRect }): PackedMask;
  maskForService(call: { mask: number; plan: CropPlan }): Blob;
  compare(call: { sent: string; raw: string; asked: number; plan: CropPlan }): PackedComparison;
  blendWeights(call: {
    asked: number;
    spill: number | null;
    settings: BlendSettings;
    below: WireStack;
    plan: CropPlan;
  }): { rect: PixelRect; weights: PackedMask };
  heatMap(call: { sent: string; raw: string; asked: number; plan: CropPlan }): ImageBitmap;
  addImage(call: { id: string; source: ImageSource }): ImageRef;
  encodeImage(call: { id: string }): Blob;
  countChanges(call: { before: WireStack; after: WireStack; painted: number; blended: number }): Changes;
  thumbnail(call: { stack: WireStack; maxEdge: number }): Blob;
  selectByColour(call: { stack: WireStack; seed: ColourSeed; reach: ColourReach }): PackedMask;
  selectObject(call: {
    stack: WireStack;
    region: PixelRect;
    inside: number;
    outside: number;
    former: number | null;
    grows: boolean;
  }): PackedMask;
}

/** How a mask comes to another one. */
export interface MaskJoin {
  readonly way: MaskWay;
  /** Document px that the given mask covers: outside it says nothing, that is 0. */
  readonly rect: PixelRect;
  /** The given mask is inverted in its rectangle. */
  readonly flipped: boolean;
  readonly frame: PixelRect;
}

/** A mask as it was read from a file, upright. */
export interface MaskFile extends ReadMask {
  readonly size: Size;
  /** Where the file says that it lies. */
  readonly place: FramePlace | null;
}

export type PackedMaskFile = Omit<MaskFile, 'mask'> & { readonly mask: PackedMask };

export type PackedComparison = Omit<Comparison, 'spill'> & { readonly spill: PackedMask | null };

export type Method = keyof CodecMethods;
export type Arguments<M extends Method> = Parameters<CodecMethods[M]>[0];
export type Reply<M extends Method> = ReturnType<CodecMethods[M]>;

export type ToWorker =
  | { readonly kind: 'call'; readonly call: number; readonly method: Method; readonly args: unknown }
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'image'; readonly id: string; readonly source: ImageSource }
  | { readonly kind: 'decode'; readonly id: string }
  | { readonly kind: 'forgetImage'; readonly id: string }
  | { readonly kind: 'mask'; readonly id: number; readonly mask: PackedMask }
  | { readonly kind: 'forgetMask'; readonly id: number };

export type FromWorker =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly failure: Failure };

/** An error on its way through `postMessage`, which keeps no class. `code` null: a bug, not a `CodecError`. */
export interface Failure {
  readonly code: CodecErrorCode | null;
  readonly details: CodecErrorDetails;
  readonly message: string;
}

/** The bitmaps in a reply: to be transferred, and closed by whoever does not pass them on. */
export function bitmapsOf(reply: unknown): ImageBitmap[] {
  if (reply instanceof ImageBitmap) return [reply];
  const proxy = typeof reply === 'object' && reply && 'proxy' in reply ? reply.proxy : null;
  return proxy instanceof ImageBitmap ? [proxy] : [];
}

/** Bytes of a patch whose tiles were made for it: whoever sends it has no more use for them. */
export const buffersOf = ({ changed }: MaskPatch): ArrayBuffer[] =>
  changed.coverage.flatMap((stored) => (typeof stored === 'number' ? [] : [stored.buffer as ArrayBuffer]));
