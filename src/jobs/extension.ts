import type { Document } from '../editor/document.ts';
import { coverageSum } from '../raster/measure.ts';
import { uncoveredOf } from './editPlan.ts';
import type { Job } from './job.ts';
import type { Frozen, Request } from './request.ts';

interface ExtensionOptions {
  readonly frozen: Frozen;
  readonly document: () => Document | null;
  readonly plan: (step: Frozen) => Request;
  readonly run: (step: Frozen, request: Request) => Promise<void>;
  readonly onStep: (step: NonNullable<Job['step']>) => void;
  /** Puts what the step has brought into the document that it was planned from; false when that can't be done any more. */
  readonly accept: (before: Document) => boolean;
}

/** True where the frame is too large to be extended with one request. */
export const isStepwise = (request: Request) => request.mode === 'edit' && request.plan.steps.length > 1;

/** Less of the frame that `before` had is filled than was then. */
export const isEmptier = (document: Document, before: Document) =>
  coverageSum(uncoveredOf(document), before.frame) > coverageSum(uncoveredOf(before), before.frame);

/**
 * Extends a frame step by step, each planned anew from the document as it is by then and accepted as it comes. What
 * was done stays, so running again goes on from there. Ends when nothing is empty, or an answer can't be accepted any more.
 */
export async function extend(signal: AbortSignal, options: ExtensionOptions): Promise<void> {
  const { frozen, plan, run, onStep, accept } = options;
  for (let k = 1; ; k++) {
    const document = options.document();
    if (!document || document.id !== frozen.document?.id || uncoveredOf(document).tiles.size === 0) return;
    const step = { ...frozen, document, seed: (frozen.seed + k - 1) % 2 ** 31 };
    const request = plan(step);
    const left = request.mode === 'edit' ? Math.max(1, request.plan.steps.length) : 1;
    onStep({ k, of: k + left - 1 });
    await run(step, request);
    signal.throwIfAborted();
    if (!accept(document)) return;
    await drawn();
  }
}

/** The page draws what was accepted before the next step is planned: together they would hold it up. */
const drawn = () => new Promise((resolve) => setTimeout(resolve));
