import { seedOf } from '../fill/random.ts';
import type { Words } from '../fill/task.ts';
import { EngineError } from './engineError.ts';
import { createPlaces } from './places.ts';
import type { Ask } from './protocol.ts';
import { runOrder } from './runOrder.ts';

/** What is read of a request. */
interface Fields {
  readonly n: number;
  /** "WIDTHxHEIGHT" of a picture that is generated; others keep their own. */
  readonly size: string;
  readonly seed?: number;
  readonly partial_images?: number;
}

interface Sending {
  /** An unfinished picture; `k` counts from 1. */
  readonly onPartial: (picture: Blob, k: number) => void;
  /** Share of the work that is done, 0..1, rising. */
  readonly onProgress: (share: number) => void;
}

interface Answer {
  readonly pictures: readonly Blob[];
  readonly usage: null;
  readonly words: Words | null;
}

/**
 * Workers that compute at once, one for each result. A core stays with the page, so that painting goes on; two cores are
 * shared with it, or four results would take twice as long. More than 4 would rather be short of memory than of time.
 */
const PLACES = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1));
const inPlace = createPlaces(PLACES);

const startWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

/** Started ahead, so that a first request needs no network. */
let spare: Worker | null = startWorker();
// One that could not be fetched would answer nothing; the next is started when it is needed.
spare.onerror = () => {
  spare = null;
};

function takeWorker(): Worker {
  const worker = spare ?? startWorker();
  spare = null;
  return worker;
}

/** Each result by itself; the first failure stops the others. */
async function make(signal: AbortSignal, ask: Ask, fields: Fields, sending: Sending): Promise<Answer> {
  const { n, partial_images: partials = 0 } = fields;
  const seed = fields.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const shares = new Float64Array(n);
  const makeOne = (k: number) => {
    // A request shows one picture on its way.
    const order = { ask, seed: seedOf(seed, k), partials: k === 0 ? partials : 0 };
    let shown = 0;
    return runOrder(either, takeWorker(), order, (report) => {
      if (report.kind === 'partial') return sending.onPartial(report.picture, ++shown);
      shares[k] = report.share;
      sending.onProgress(shares.reduce((sum, share) => sum + share) / n);
    });
  };
  try {
    const made = await Promise.all(Array.from({ length: n }, (_, k) => inPlace(either, () => makeOne(k))));
    return { pictures: made.map(({ picture }) => picture), usage: null, words: made[0]?.words ?? null };
  } catch (error) {
    failure.abort();
    throw signal.aborted ? new EngineError('cancelled', 'Cancelled.') : error;
  }
}

export function generate(
  signal: AbortSignal,
  fields: Fields & { readonly prompt: string },
  sending: Sending,
): Promise<Answer> {
  const [width = 0, height = 0] = fields.size.split('x').map(Number);
  return make(signal, { kind: 'generate', prompt: fields.prompt, width, height }, fields, sending);
}

export function edit(
  signal: AbortSignal,
  fields: Fields & { readonly prompt: string; readonly image: Blob; readonly mask?: Blob },
  sending: Sending,
): Promise<Answer> {
  const { prompt, image, mask = null } = fields;
  return make(signal, { kind: 'edit', prompt, image, mask }, fields, sending);
}

export const vary = (
  signal: AbortSignal,
  fields: Fields & { readonly image: Blob },
  sending: Sending,
): Promise<Answer> => make(signal, { kind: 'vary', image: fields.image }, fields, sending);

/** Nothing goes on without the page, and nothing was paid: a request that it cut short is made again. */
export const attach = null;
