import { area, bottom, contains, intersect, type PixelRect, pixelRect, right } from '../geometry/rect.ts';
import {
  container,
  type FreeSizes,
  fixedSizes,
  isLegal,
  type Size,
  type SizeRule,
  withinBudget,
} from './size.ts';

/** What of the document goes to a service, and at which size. */
export interface CropPlan {
  /** Document px that are sent; inside the frame. */
  readonly rect: PixelRect;
  /** A size that the service takes. */
  readonly sent: Size;
  /** Sent px per document px along the longer edge; 1 when padding alone makes the size legal. */
  readonly scale: number;
  /** Sent px at the right and bottom that repeat the last column and row. */
  readonly padded: { readonly right: number; readonly bottom: number };
}

export interface CropRequest {
  readonly frame: PixelRect;
  /** Tight bounds of coverage > 0; null: the whole picture is edited. */
  readonly maskBounds: PixelRect | null;
  readonly sizes: SizeRule;
  /** The size that the user chose; left aside when the service does not take it. */
  readonly wanted?: Size;
}

/** Least context around the mask, in document px. */
const CONTEXT = 128;
/** A picture that fills less than 1 / 2 of a fixed size's edges is scaled up instead of padded. */
const PAD_UP_TO = 2;

/** Size of the document's part of what is sent: `sent` without its padding. */
export const contentSize = (plan: CropPlan): Size => ({
  width: plan.sent.width - plan.padded.right,
  height: plan.sent.height - plan.padded.bottom,
});

/**
 * The whole frame when it is small enough and fits the service's budget at scale 1; otherwise the mask with its own size again on each
 * side, scaled down only when that still is too large. Content lies top left, padding right and bottom.
 */
export function planCrop({ frame, maskBounds, sizes, wanted }: CropRequest): CropPlan {
  const mask = maskBounds && intersect(maskBounds, frame);
  if (wanted && isLegal(wanted, sizes)) return planFixed(frame, mask, [wanted]);
  return sizes.kind === 'fixed'
    ? planFixed(frame, mask, fixedSizes(sizes.values))
    : planFree(frame, mask, sizes);
}

function planFree(frame: PixelRect, mask: PixelRect | null, rule: FreeSizes): CropPlan {
  const whole = area(frame) <= rule.wholeUpTo && withinBudget(container(frame, rule), rule);
  if (!mask || whole) return fitFree(frame, rule);
  let rect = growToRatio(withContext(mask, frame), rule.maxRatio, frame);
  rect = growToPixels(rect, rule.minPixels, frame);
  const step = (length: number) => Math.ceil(length / rule.step) * rule.step;
  const aligned = growInside(rect, { width: step(rect.width), height: step(rect.height) }, frame);
  return fitFree(aligned, rule);
}

/** Scale and padding for a rectangle that is settled. The longer edge's length at the service is searched. */
function fitFree(rect: PixelRect, rule: FreeSizes): CropPlan {
  const long = Math.max(rect.width, rect.height);
  const contentAt = (length: number): Size => ({
    width: Math.max(1, Math.round((rect.width * length) / long)),
    height: Math.max(1, Math.round((rect.height * length) / long)),
  });
  const sizeAt = (length: number) => container(contentAt(length), rule);
  const affordable = (length: number) => withinBudget(sizeAt(length), rule);
  const largeEnough = (length: number) => {
    const size = sizeAt(length);
    return size.width * size.height >= rule.minPixels;
  };
  // Both conditions are monotone in the length, because both edges of the container are.
  let length = long;
  if (!affordable(long)) length = firstWhere(1, long, (at) => !affordable(at)) - 1;
  else if (!largeEnough(long)) length = firstWhere(long, rule.maxEdge, largeEnough);
  return planFor(rect, contentAt(length), sizeAt(length), length / long);
}

function planFixed(frame: PixelRect, mask: PixelRect | null, sizes: readonly Size[]): CropPlan {
  let best: { plan: CropPlan; scale: number; filled: number } | null = null;
  for (const sent of sizes) {
    const plan = fitFixed(frame, mask, sent);
    const content = contentSize(plan);
    const filled = (content.width * content.height) / (sent.width * sent.height);
    const scale = Math.min(1, plan.scale);
    if (!best || scale > best.scale || (scale === best.scale && filled > best.filled))
      best = { plan, scale, filled };
  }
  if (!best) throw new RangeError('The service names no size.');
  return best.plan;
}

function fitFixed(frame: PixelRect, mask: PixelRect | null, sent: Size): CropPlan {
  const scaleFor = (rect: PixelRect) => Math.min(sent.width / rect.width, sent.height / rect.height);
  const whole = scaleFor(frame);
  let rect = frame;
  let scale = whole;
  if (whole >= 1) scale = whole < PAD_UP_TO ? 1 : whole;
  else if (mask) {
    const near = withContext(mask, frame);
    const shrink = Math.max(1, 1 / scaleFor(near));
    const target = { width: Math.floor(sent.width * shrink), height: Math.floor(sent.height * shrink) };
    rect = growInside(near, target, frame);
    scale = Math.min(1, scaleFor(rect));
  }
  const edge = (length: number, limit: number) => Math.min(limit, Math.max(1, Math.round(length * scale)));
  return planFor(
    rect,
    { width: edge(rect.width, sent.width), height: edge(rect.height, sent.height) },
    sent,
    scale,
  );
}

const planFor = (rect: PixelRect, content: Size, sent: Size, scale: number): CropPlan => ({
  rect,
  sent,
  scale,
  padded: { right: sent.width - content.width, bottom: sent.height - content.height },
});

/** Smallest integer in (from, to] for which the monotone condition holds; `to` when none below does. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let low = from;
  let high = to;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function withContext(mask: PixelRect, frame: PixelRect): PixelRect {
  const x = Math.max(CONTEXT, mask.width);
  const y = Math.max(CONTEXT, mask.height);
  const wide = pixelRect(mask.x - x, mask.y - y, mask.width + 2 * x, mask.height + 2 * y);
  return intersect(wide, frame) ?? frame;
}

/** At least `target`, as far as the frame allows: grown around its centre and pushed back inside. */
function growInside(rect: PixelRect, target: Size, frame: PixelRect): PixelRect {
  const width = Math.min(frame.width, Math.max(rect.width, target.width));
  const height = Math.min(frame.height, Math.max(rect.height, target.height));
  const x = rect.x - ((width - rect.width) >> 1);
  const y = rect.y - ((height - rect.height) >> 1);
  const grown = pixelRect(
    Math.min(Math.max(x, frame.x), right(frame) - width),
    Math.min(Math.max(y, frame.y), bottom(frame) - height),
    width,
    height,
  );
  return contains(grown, rect) ? grown : frame;
}

const growToRatio = (rect: PixelRect, maxRatio: number, frame: PixelRect) =>
  growInside(
    rect,
    { width: Math.ceil(rect.height / maxRatio), height: Math.ceil(rect.width / maxRatio) },
    frame,
  );

function growToPixels(rect: PixelRect, minPixels: number, frame: PixelRect): PixelRect {
  const factor = Math.sqrt(minPixels / (rect.width * rect.height));
  if (factor <= 1) return rect;
  const both = growInside(
    rect,
    { width: Math.ceil(rect.width * factor), height: Math.ceil(rect.height * factor) },
    frame,
  );
  // One edge may have met the frame's; the other makes up for it.
  return growInside(
    both,
    { width: Math.ceil(minPixels / both.height), height: Math.ceil(minPixels / both.width) },
    frame,
  );
}
