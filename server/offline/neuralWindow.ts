import type { Bounds } from '../../src/fill/clusters.ts';
import type { FillRequest } from '../../src/fill/picture.ts';
import type { ImageSize } from '../providers/provider.ts';

/** What a model is shown of a picture: `width` × `height` of its own pixels, each `scale` (1 or more) of ours wide. */
export interface Window extends ImageSize {
  /** Whole px of the picture; may lie outside, where the picture goes on mirrored. */
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  /** Left and right are swapped for the model. */
  readonly flipped: boolean;
}

/** What a model sees, plane by plane. */
export interface View {
  /** Red, then green, then blue; 0 where nothing is known. */
  readonly planes: Uint8Array;
  /** 1: in the hole, or transparent. */
  readonly unknown: Uint8Array;
}

/** Models that take any size halve it three times and more, and see too little in less than this. */
const STEP = 8;
const LEAST_EDGE = 256;
/** More takes memory by the gigabyte: float networks hold hundreds of planes. */
const MOST_PIXELS = 1024 * 1024;

/**
 * The window for one region of a picture (`clusterRegions`): as large as the model has it, or as the region needs.
 * A region that is larger is shown smaller; a smaller one is never enlarged, more of the picture is shown instead.
 */
export function planWindow(
  picture: ImageSize,
  { left, top, right, bottom }: Bounds,
  fixed: ImageSize | null,
  flipped: boolean,
): Window {
  const wanted = { width: right - left, height: bottom - top };
  const scale = fixed
    ? Math.max(1, wanted.width / fixed.width, wanted.height / fixed.height)
    : Math.max(1, Math.sqrt((wanted.width * wanted.height) / MOST_PIXELS));
  const edge = (length: number) => Math.max(LEAST_EDGE, Math.ceil(length / scale / STEP) * STEP);
  const { width, height } = fixed ?? { width: edge(wanted.width), height: edge(wanted.height) };
  return {
    width,
    height,
    scale,
    left: place((left + right) / 2, width * scale, picture.width),
    top: place((top + bottom) / 2, height * scale, picture.height),
    flipped,
  };
}

/** Around `centre`, inside the picture where it fits, else with the same lack on both sides. */
function place(centre: number, length: number, all: number): number {
  if (length > all) return Math.floor((all - length) / 2);
  return Math.max(0, Math.min(Math.floor(all - length), Math.round(centre - length / 2)));
}

/** Reads the window: means over what each of its pixels covers. One that touches anything unknown is unknown. */
export function readWindow({ width, height, rgba, hole }: FillRequest, window: Window): View {
  const area = window.width * window.height;
  const planes = new Uint8Array(area * 3);
  const unknown = new Uint8Array(area);
  const columns = shares(window.left, window.width, window.scale, width);
  const rows = shares(window.top, window.height, window.scale, height);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      const to = y * window.width + (window.flipped ? window.width - 1 - x : x);
      let [red, green, blue] = [0, 0, 0];
      for (const [down, tall] of row)
        for (const [across, wide] of column) {
          const at = down * width + across;
          if (hole[at] !== 0 || rgba[at * 4 + 3] === 0) unknown[to] = 1;
          red += rgba[at * 4]! * tall * wide;
          green += rgba[at * 4 + 1]! * tall * wide;
          blue += rgba[at * 4 + 2]! * tall * wide;
        }
      if (unknown[to] === 1) return;
      planes[to] = red + 0.5;
      planes[area + to] = green + 0.5;
      planes[area * 2 + to] = blue + 0.5;
    });
  });
  return { planes, unknown };
}

type Share = readonly [pixel: number, weight: number];

/** Of each of `count` window pixels along one axis: the picture's pixels in it, with weights that sum to 1. */
function shares(start: number, count: number, scale: number, length: number): Share[][] {
  return Array.from({ length: count }, (_, index) => {
    const from = start + index * scale;
    const to = from + scale;
    const found: Share[] = [];
    for (let pixel = Math.floor(from); pixel < to; pixel++) {
      const weight = (Math.min(pixel + 1, to) - Math.max(pixel, from)) / scale;
      if (weight > 1e-9) found.push([mirror(pixel, length), weight]);
    }
    return found;
  });
}

function mirror(pixel: number, length: number): number {
  const inTwo = ((pixel % (2 * length)) + 2 * length) % (2 * length);
  return inTwo < length ? inTwo : 2 * length - 1 - inTwo;
}

/**
 * Writes what a model made of the window (planes as in `View`) into the hole pixels of its region, smoothly enlarged.
 * Their alpha stays, but what was transparent becomes opaque.
 */
export function writeWindow(
  planes: Uint8ClampedArray,
  window: Window,
  { width: stride, hole }: FillRequest,
  region: Bounds,
  target: Uint8Array,
): void {
  const { width, height, scale, flipped } = window;
  const area = width * height;
  const inside = (value: number, length: number) => Math.max(0, Math.min(length - 1, value));
  for (let y = region.top; y < region.bottom; y++)
    for (let x = region.left; x < region.right; x++) {
      const at = y * stride + x;
      if (hole[at] === 0) continue;
      const across = inside((x + 0.5 - window.left) / scale - 0.5, width);
      const column = flipped ? width - 1 - across : across;
      const row = inside((y + 0.5 - window.top) / scale - 0.5, height);
      const [left, top] = [Math.floor(column), Math.floor(row)];
      const [dx, dy] = [column - left, row - top];
      // To the pixel on the right and to the one below; none at the edges.
      const right = left + 1 < width ? 1 : 0;
      const below = top + 1 < height ? width : 0;
      for (let channel = 0; channel < 3; channel++) {
        const from = channel * area + top * width + left;
        const upper = planes[from]! * (1 - dx) + planes[from + right]! * dx;
        const lower = planes[from + below]! * (1 - dx) + planes[from + below + right]! * dx;
        target[at * 4 + channel] = Math.round(upper * (1 - dy) + lower * dy);
      }
      if (target[at * 4 + 3] === 0) target[at * 4 + 3] = 255;
    }
}
