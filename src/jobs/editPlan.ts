import { alternatives, type CropPlan, planCrop, sharpness, type Wish } from '../blend/cropPlan.ts';
import { planRequests, worthSplitting } from '../blend/maskParts.ts';
import { type OutpaintStep, planOutpaint } from '../blend/outpaintPlan.ts';
import { type Price, priceOf } from '../blend/price.ts';
import type { Size, SizeRule } from '../blend/size.ts';
import type { Document } from '../editor/document.ts';
import type { Ask } from '../editor/session.ts';
import { contains, expand, intersect, type PixelRect } from '../geometry/rect.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { uncoveredMask } from '../raster/uncovered.ts';
import type { ModelTraits } from './ports.ts';

/** How far an empty part of the frame is asked for into the picture, document px: the seam lies in known pixels. */
export const OVERLAP = 16;

/** What the user wants of an edit's plan. */
export interface Wishes {
  readonly wish: Wish;
  /** The rectangle that the user drew; null leaves it to the plan. */
  readonly rect: PixelRect | null;
  /** Far-apart parts of the mask become requests of their own. */
  readonly split: boolean;
}

export const NO_WISHES: Wishes = { wish: 'automatic', rect: null, split: false };

/** One request of an edit: what is sent, and the part of what is asked that it answers, document px. */
export interface PlannedPart {
  readonly plan: CropPlan;
  readonly within: PixelRect;
}

/** What an edit will send. */
export interface EditPlan {
  /** False: nothing is erased or empty, so the whole picture is edited, without a mask. */
  readonly masked: boolean;
  /** The empty part of the frame. */
  readonly uncovered: Mask;
  /** Requests whose answers become one result; while the frame is extended in steps, the next step alone. */
  readonly parts: readonly PlannedPart[];
  /** Steps in which the frame is extended, the next one included; one after the other, each accepted as it comes. 0: none. */
  readonly steps: readonly PlannedPart[];
}

/** The uncovered part is asked for at every change of mask or plan, and depends on neither. */
const known = new WeakMap<LayerStack['layers'], { readonly frame: PixelRect; readonly mask: Mask }>();

export function uncoveredOf(document: LayerStack): Mask {
  const found = known.get(document.layers);
  if (found && found.frame === document.frame) return found.mask;
  const mask = uncoveredMask(document);
  known.set(document.layers, { frame: document.frame, mask });
  return mask;
}

/** Planning a large extension takes some 20 ms, and it is asked for at every stroke beside it. */
const plannedSteps = new WeakMap<
  Mask,
  { readonly sizes: SizeRule; readonly steps: readonly OutpaintStep[] }
>();

function stepsOf(frame: PixelRect, uncovered: Mask, sizes: SizeRule): readonly OutpaintStep[] {
  if (uncovered.tiles.size === 0) return [];
  const found = plannedSteps.get(uncovered);
  if (found?.sizes === sizes) return found.steps;
  const steps = planOutpaint({ frame, uncovered, sizes, overlap: OVERLAP });
  plannedSteps.set(uncovered, { sizes, steps });
  return steps;
}

/** Plans an edit of the document as it is. Pure; some milliseconds. */
export function planEdit(document: Document, sizes: SizeRule, wishes: Wishes): EditPlan {
  const { frame, mask } = document;
  const uncovered = uncoveredOf(document);
  const painted = boundsIn(mask, frame);
  const steps = stepsOf(frame, uncovered, sizes);
  const [next] = steps;
  if (!next) {
    return { masked: painted !== null, uncovered, parts: paintedParts(document, sizes, wishes), steps: [] };
  }
  const planned = steps.map(({ plan }) => ({ plan, within: plan.rect }));
  if (steps.length > 1) return { masked: true, uncovered, parts: planned.slice(0, 1), steps: planned };
  // What was erased beside the extension needs a request of its own.
  const apart = painted && !contains(next.plan.rect, painted);
  const beside = apart
    ? planRequests({ frame, mask, sizes, split: wishes.split }).map(({ plan, part }) => ownPart(plan, part))
    : [];
  return { masked: true, uncovered, parts: [...planned, ...beside], steps: [] };
}

function paintedParts(
  { frame, mask }: Document,
  sizes: SizeRule,
  { wish, rect, split }: Wishes,
): readonly PlannedPart[] {
  const parts = planRequests({ frame, mask, sizes, wish, split, ...(rect && { rect }) });
  if (parts.length === 1) return parts.map(({ plan }) => ({ plan, within: plan.rect }));
  return parts.map(({ plan, part }) => ownPart(plan, part));
}

/** A request that leaves the rest of what lies in its rectangle to others. */
const ownPart = (plan: CropPlan, part: PixelRect): PlannedPart => ({
  plan,
  within: expand(part, OVERLAP) ?? part,
});

const boundsIn = (mask: Mask, frame: PixelRect) => {
  const bounds = maskBounds(mask);
  return bounds && intersect(bounds, frame);
};

/** What else could be sent for the same mask. */
export interface EditChoice {
  readonly wishes: Wishes;
  /** How many times sharper than the automatic plan; 1 where it is that. */
  readonly sharpness: number;
  readonly parts: readonly PlannedPart[];
}

/**
 * The distinct sensible choices, the automatic one first; none while the frame is extended or nothing is erased. What
 * only copies from the picture gains nothing by being nearer to it.
 */
export function editChoices(
  document: Document,
  { sizes, promptedEdits }: ModelTraits,
): readonly EditChoice[] {
  const { frame, mask } = document;
  const bounds = boundsIn(mask, frame);
  if (!bounds || uncoveredOf(document).tiles.size > 0) return [];
  const [automatic, ...others] = alternatives({ frame, maskBounds: bounds, sizes });
  if (!automatic || !promptedEdits) return [];
  const whole = [automatic, ...others].map(({ wish, plan }) => ({
    wishes: { ...NO_WISHES, wish },
    sharpness: sharpness(plan, automatic.plan),
    parts: [{ plan, within: plan.rect }],
  }));
  if (!worthSplitting({ frame, mask, sizes })) return whole;
  const wishes = { ...NO_WISHES, split: true };
  const parts = paintedParts(document, sizes, wishes);
  const sharper = Math.min(...parts.map(({ plan }) => sharpness(plan, automatic.plan)));
  return [...whole, { wishes, sharpness: sharper, parts }];
}

/** What a variation sends. */
export const planVariation = ({ frame }: LayerStack, sizes: SizeRule, wanted: Size | undefined): CropPlan =>
  planCrop({ frame, maskBounds: null, sizes, ...(wanted && { wanted }) });

/** What some requests cost together; null where a price is not known, or nobody is billed. */
export function priceOfParts(
  parts: readonly PlannedPart[],
  ask: Ask,
  model: ModelTraits,
  n: number,
  partials: number,
): Price | null {
  const prices = parts.map(({ plan }) =>
    priceOfRequest('edits', plan.sent, plan.sent, ask, model, n, partials),
  );
  return prices.reduce<Price | null>(addPrices, { usd: 0, estimate: false });
}

const addPrices = (a: Price | null, b: Price | null): Price | null =>
  a && b && { usd: a.usd + b.usd, estimate: a.estimate || b.estimate };

/** One request's price; `input` is the size of the picture that is sent. */
export function priceOfRequest(
  mode: 'edits' | 'generations' | 'variations',
  size: Size,
  input: Size | null,
  ask: Ask,
  model: ModelTraits,
  n: number,
  partials = 0,
): Price | null {
  if (!model.pricing) return null;
  const chosen = model.qualities.find((quality) => quality === ask.quality);
  const quality = chosen ?? model.defaultQuality;
  return priceOf(model.pricing, { mode, size, quality, n, input, promptChars: ask.prompt.length, partials });
}
