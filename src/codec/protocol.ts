import type { CropPlan } from '../blend/cropPlan.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import type { PackedMask } from '../raster/packedMask.ts';
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

/** Where pixels come from: enough to make them again in a new worker. */
export type ImageSource =
  | { readonly kind: 'file'; readonly blob: Blob }
  | {
      readonly kind: 'result';
      readonly blob: Blob;
      readonly plan: CropPlan;
      readonly picture: string | null;
    };

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
  encodeMask(call: { mask: number; frame: PixelRect; picture: ImageRef }): Blob;
  encodePicture(call: { stack: WireStack; options: PictureOptions }): Blob;
  encodeHole(call: { stack: WireStack; mask: number; metadata: MetadataChoice }): Blob;
  cropForService(call: { stack: WireStack; plan: CropPlan }): Blob;
  maskForService(call: { mask: number; plan: CropPlan }): Blob;
  addResult(call: { id: string; source: ImageSource }): ImageRef;
  encodeImage(call: { id: string }): Blob;
  blendMask(call: { mask: number; frame: PixelRect }): PackedMask;
  countChanged(call: { before: WireStack; after: WireStack; mask: number }): number;
  thumbnail(call: { stack: WireStack; maxEdge: number }): Blob;
}

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
