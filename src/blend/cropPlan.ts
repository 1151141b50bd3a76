import { area, growInside, intersect, type PixelRect, sameRect } from '../geometry/rect.ts';
import {
  drawnRect,
  growToAspect,
  growToPixels,
  growToShape,
  withContext,
  withLittleContext,
} from './cropRect.ts';
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

/**
 * 'automatic': full resolution with much context. 'whole': the whole frame. 'close-up': little context, scaled up,
 * so that the service draws the mask in more detail than the document holds; without a mask it is 'automatic'.
 */
export type Wish = 'automatic' | 'whole' | 'close-up';

export interface CropRequest {
  readonly frame: PixelRect;
  /** Tight bounds of coverage > 0; null: the whole picture is edited. */
  readonly maskBounds: PixelRect | null;
  readonly sizes: SizeRule;
  /** The size that the user chose; left aside when the service does not take it. */
  readonly wanted?: Size;
  readonly wish?: Wish;
  /** The rectangle that the user drew: taken as it is but for the frame, the mask and what the service takes. */
  readonly rect?: PixelRect;
}

/** A picture that fills less than 1 / 2 of a fixed size's edges is scaled up instead of padded. */
const PAD_UP_TO = 2;
/** A close-up is scaled up at most so much, unless a service's least size asks for more. */
const CLOSE_UP = 4;
/** A close-up that gains less than this is none. */
const CLEARLY_SHARPER = 1.1;

/** Size of the document's part of what is sent: `sent` without its padding. */
export const contentSize = (plan: CropPlan): Size => ({
  width: plan.sent.width - plan.padded.right,
  height: plan.sent.height - plan.padded.bottom,
});

/** How many times more of the service's px a document px gets along an edge than in the other plan. */
export const sharpness = (plan: CropPlan, other: CropPlan): number => plan.scale / other.scale;

/**
 * By default the whole frame when it is small enough and fits the service's budget at scale 1; otherwise the mask
 * with its own size again on each side, scaled down only when that still is too large. Content lies top left,
 * padding right and bottom. Planning with a plan's own `rect` keeps that rectangle.
 */
export function planCrop(request: CropRequest): CropPlan {
  const { frame, sizes, wanted, wish = 'automatic' } = request;
  const mask = request.maskBounds && intersect(request.maskBounds, frame);
  const drawn = request.rect ? drawnRect(request.rect, mask, frame) : null;
  const scene: Scene = { frame, mask, drawn, wish: mask ? wish : 'automatic' };
  if (wanted && isLegal(wanted, sizes)) return planFixed(scene, [wanted]);
  return sizes.kind === 'fixed'
    ? planFixed(scene, fixedSizes(sizes.values))
    : fitFree(freeRect(scene, sizes), sizes, scene.wish === 'close-up' ? CLOSE_UP : 1);
}

/** What can sensibly be chosen: 'automatic' first, the others where they give something else. */
export function alternatives({
  frame,
  maskBounds,
  sizes,
  wanted,
}: CropRequest): readonly { readonly wish: Wish; readonly plan: CropPlan }[] {
  const plan = (wish: Wish) =>
    planCrop({ frame, maskBounds, sizes, wish, ...(wanted ? { wanted } : undefined) });
  const automatic = plan('automatic');
  const choices: { wish: Wish; plan: CropPlan }[] = [{ wish: 'automatic', plan: automatic }];
  const whole = plan('whole');
  if (!samePlan(whole, automatic)) choices.push({ wish: 'whole', plan: whole });
  const close = plan('close-up');
  if (sharpness(close, automatic) >= CLEARLY_SHARPER) choices.push({ wish: 'close-up', plan: close });
  return choices;
}

const samePlan = (a: CropPlan, b: CropPlan) =>
  sameRect(a.rect, b.rect) && a.sent.width === b.sent.width && a.sent.height === b.sent.height;

interface Scene {
  readonly frame: PixelRect;
  /** Within the frame. */
  readonly mask: PixelRect | null;
  /** Within the frame and around the mask. */
  readonly drawn: PixelRect | null;
  readonly wish: Wish;
}

function freeRect({ frame, mask, drawn, wish }: Scene, rule: FreeSizes): PixelRect {
  if (drawn) return growToShape(drawn, rule, frame);
  if (!mask || wish === 'whole') return frame;
  if (wish === 'close-up') {
    const near = growToPixels(withLittleContext(mask, frame), rule.minPixels / CLOSE_UP ** 2, frame);
    return growToShape(near, rule, frame);
  }
  if (area(frame) <= rule.wholeUpTo && withinBudget(container(frame, rule), rule)) return frame;
  const near = growToShape(withContext(mask, frame), rule, frame);
  return growToShape(growToPixels(near, rule.minPixels, frame), rule, frame);
}

/**
 * Scale and padding for a rectangle that is settled. The longer edge's length at the service is searched.
 * @param most scale up to which it is drawn larger than it is, as long as the service does that well
 */
function fitFree(rect: PixelRect, rule: FreeSizes, most: number): CropPlan {
  const long = Math.max(rect.width, rect.height);
  const contentAt = (length: number): Size => ({
    width: Math.max(1, Math.round((rect.width * length) / long)),
    height: Math.max(1, Math.round((rect.height * length) / long)),
  });
  const sizeAt = (length: number) => container(contentAt(length), rule);
  const pixelsAt = (length: number) => sizeAt(length).width * sizeAt(length).height;
  const affordable = (length: number) => withinBudget(sizeAt(length), rule);
  // All conditions are monotone in the length, because both edges of the container are.
  let length = long;
  if (!affordable(long)) length = firstWhere(1, long, (at) => !affordable(at)) - 1;
  else if (pixelsAt(long) < rule.minPixels) {
    length = firstWhere(long, rule.maxEdge, (at) => pixelsAt(at) >= rule.minPixels);
  }
  if (most > 1 && length < most * long) {
    const tooMuch = (at: number) => !affordable(at) || pixelsAt(at) > rule.wholeUpTo;
    length = firstWhere(length, Math.floor(most * long) + 1, tooMuch) - 1;
  }
  return planFor(rect, contentAt(length), sizeAt(length), length / long);
}

/** The size whose plan has the highest merits, the first of them first; the smallest of equals. */
function planFixed(scene: Scene, sizes: readonly Size[]): CropPlan {
  let best: { plan: CropPlan; merits: readonly number[] } | null = null;
  for (const sent of sizes) {
    const plan = fitFixed(scene, sent);
    const merits = meritsOf(plan, scene);
    const first = merits.findIndex((merit, i) => merit !== best?.merits[i]);
    if (!best || (first >= 0 && merits[first]! > best.merits[first]!)) best = { plan, merits };
  }
  if (!best) throw new RangeError('The service names no size.');
  return best.plan;
}

function meritsOf(plan: CropPlan, { frame, drawn, wish }: Scene): readonly number[] {
  const content = contentSize(plan);
  const filled = (content.width * content.height) / (plan.sent.width * plan.sent.height);
  // At the same scale a larger size shows more around.
  if (wish === 'close-up') return [plan.scale, filled, plan.sent.width * plan.sent.height];
  const detail = Math.min(1, plan.scale);
  if (!drawn || sameRect(drawn, frame)) return [detail, filled];
  // What was drawn should grow little, and not be enlarged for nothing.
  return [detail, -area(plan.rect), -plan.scale, filled];
}

function fitFixed({ frame, mask, drawn, wish }: Scene, sent: Size): CropPlan {
  const scaleFor = (rect: PixelRect) => Math.min(sent.width / rect.width, sent.height / rect.height);
  const whole = scaleFor(frame);
  const padOrEnlarge = whole >= 1 && whole < PAD_UP_TO ? 1 : whole;
  const close = wish === 'close-up';
  let rect = frame;
  let scale = padOrEnlarge;
  if (drawn) {
    rect = growToAspect(drawn, sent, frame);
    scale = sameRect(rect, frame) && !close ? padOrEnlarge : scaleFor(rect);
  } else if (mask && wish !== 'whole' && (whole < 1 || close)) {
    const near = close ? withLittleContext(mask, frame) : withContext(mask, frame);
    const most = close ? Math.max(CLOSE_UP, whole) : 1;
    const least = growInside(near, Math.floor(sent.width / most), Math.floor(sent.height / most), frame);
    rect = growToAspect(least, sent, frame);
    scale = Math.min(most, scaleFor(rect));
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
