import { DEFAULT_BLEND } from '../blend/blendSettings.ts';
import { NO_COMPARISON } from '../blend/comparison.ts';
import type { CropPlan } from '../blend/cropPlan.ts';
import { resultWindow } from '../blend/resultWindow.ts';
import type { Document } from '../editor/document.ts';
import { type Layer, type Made, newLayer } from '../editor/layer.ts';
import { cutMask } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import { OVERLAP } from './editPlan.ts';
import { RefusedAsk } from './errors.ts';
import { createGlimpses } from './glimpses.ts';
import type { Glimpse, JobPhase, Result, ResultGroup } from './job.ts';
import type { Answer, ImageCodec, ImageService } from './ports.ts';
import type { EditPart, Request } from './request.ts';
import { createSender, type Send, type SenderOptions } from './sender.ts';
import { isLocal } from './traits.ts';

/** Longest edge of a thumbnail in device px: 96 CSS px on a screen of density 2. */
const THUMBNAIL_EDGE = 192;

export interface JobRun extends SenderOptions {
  /** The embedded engine in this browser. Rejects when it can't be fetched. */
  readonly embedded: () => Promise<ImageService>;
  readonly codec: ImageCodec;
  readonly request: Request;
  readonly onPhase: (phase: JobPhase) => void;
  readonly onGlimpse: (glimpse: Glimpse | null) => void;
  /** Called with the growing group each time a result is ready. */
  readonly onResults: (group: ResultGroup) => void;
}

/** One run, with the way in which its requests leave. */
interface Run extends JobRun {
  readonly send: Send;
}

/**
 * Sends what was frozen and turns the answers into results, one after the other. One picture that can't be read
 * does not take the others with it: the first such error is thrown once all have been tried.
 */
export async function runJob(signal: AbortSignal, job: JobRun): Promise<void> {
  const { request } = job;
  const client = await serviceFor(job);
  const run = { ...job, client, send: createSender(signal, { ...job, client }) };
  return request.mode === 'edit' ? runEdit(signal, request, run) : runWhole(signal, request, run);
}

async function serviceFor({ pending, client, embedded }: JobRun): Promise<ImageService> {
  if (!isLocal(pending.traits, pending.frozen.ask)) return client;
  return embedded().catch(() => {
    throw new RefusedAsk('server_unreachable', '');
  });
}

const groupOf = (
  { pending: { frozen, groupId }, now }: Run,
  asked: Mask | null,
  words: ResultGroup['words'],
): ResultGroup => ({
  id: groupId,
  mode: frozen.ask.mode,
  ask: frozen.ask,
  createdAt: now(),
  snapshot: frozen.document,
  asked,
  results: [],
  words,
});

const madeBy = (job: Run, fields: EditPart['fields']): Made => ({
  mode: job.pending.frozen.ask.mode,
  prompt: job.pending.frozen.ask.prompt.trim(),
  model: fields.model,
  quality: fields.quality ?? null,
  at: job.now(),
});

type EditRequest = Extract<Request, { mode: 'edit' }>;

/** One request after the other; result k has a layer of each answer's k-th picture. */
async function runEdit(signal: AbortSignal, request: EditRequest, job: Run): Promise<void> {
  const { codec, onPhase, onResults } = job;
  const { document, parts } = request;
  const { masked, uncovered } = request.plan;
  const asked = masked
    ? await codec.askedMask(signal, document.mask, uncovered, document.frame, OVERLAP)
    : fillMask(document.frame);
  const failures: unknown[] = [];
  let group = groupOf(job, masked ? asked : null, null);
  for (const part of parts) {
    const own = parts.length > 1 ? cutMask(asked, part.within) : asked;
    onPhase('preparing');
    const glimpses = glimpsesOf(signal, document, part, own, job);
    try {
      const { answer, sent } = await sendEdit(signal, request, part, own, job, glimpses.take);
      onPhase('receiving');
      group = { ...group, words: answer.words };
      for (const [k, picture] of answer.pictures.entries()) {
        try {
          const layer = await layerOf(signal, { picture, sent, part, asked: own, document }, job);
          group = { ...group, results: await withLayer(signal, group, k, layer, document, codec) };
          onResults(group);
        } catch (error) {
          signal.throwIfAborted();
          failures.push(error);
        }
      }
    } finally {
      glimpses.end();
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function sendEdit(
  signal: AbortSignal,
  { document, prompt, maskGrow, plan: { masked } }: EditRequest,
  { plan, fields, price }: EditPart,
  asked: Mask,
  { codec, client, send, onPhase }: Run,
  onPartial: (picture: Blob, k: number) => void,
): Promise<{ answer: Answer; sent: ImageRef }> {
  const image = await codec.cropForService(signal, document, plan, asked);
  const grown = masked && (await codec.growForService(signal, asked, plan, document.frame, maskGrow));
  const mask = grown && (await codec.maskForService(signal, grown, plan));
  onPhase('waiting');
  const answer = await send(
    price,
    (sending) => client.edit(signal, { ...fields, prompt, image, ...(mask && { mask }) }, sending),
    onPartial,
  );
  return { answer, sent: codec.register(image, plan.sent) };
}

/** Unfinished pictures, inside what is asked to change. What they were made from stays as it is, so nothing is compared. */
function glimpsesOf(
  signal: AbortSignal,
  document: Document,
  { plan, fields }: EditPart,
  asked: Mask,
  job: Run,
) {
  const { codec, onGlimpse } = job;
  const comparison = NO_COMPARISON;
  const settings = DEFAULT_BLEND;
  return createGlimpses({
    async blend(picture) {
      const raw = await takeIn(signal, picture, codec);
      const basis = { raw, plan, asked, comparison, settings };
      const pixels = await codec
        .blend(signal, { ...basis, below: document })
        .finally(() => codec.forget(raw.id));
      const made = madeBy(job, fields);
      return newLayer(crypto.randomUUID(), pixels, { kind: 'result', sent: raw, ...basis, made });
    },
    show(shown) {
      const of = fields.partial_images ?? 0;
      const { picture, k, layer } = shown ?? {};
      onGlimpse(picture && k && layer ? { picture, k, of, over: { documentId: document.id, layer } } : null);
    },
    forget: codec.forget,
  });
}

interface AnsweredPart {
  readonly picture: Blob;
  readonly sent: ImageRef;
  readonly part: EditPart;
  readonly asked: Mask;
  readonly document: Document;
}

/** Compares an answer with what was sent and blends it as far as that can be done without asking. */
async function layerOf(signal: AbortSignal, answered: AnsweredPart, job: Run): Promise<Layer> {
  const { codec } = job;
  const { picture, sent, asked, document } = answered;
  const { plan, fields } = answered.part;
  const raw = await takeIn(signal, picture, codec);
  const comparison = await codec.compare(signal, raw, sent, asked, plan);
  const settings = DEFAULT_BLEND;
  const pixels = await codec.blend(signal, { raw, plan, asked, comparison, settings, below: document });
  return newLayer(crypto.randomUUID(), pixels, {
    kind: 'result',
    raw,
    sent,
    plan,
    asked,
    comparison,
    settings,
    made: madeBy(job, fields),
  });
}

/** The results with one more layer on the k-th of them, which begins with its first. */
async function withLayer(
  signal: AbortSignal,
  { id: groupId, results }: ResultGroup,
  k: number,
  layer: Layer,
  document: Document,
  codec: ImageCodec,
): Promise<readonly Result[]> {
  const known = results[k];
  const layers = [...(known?.layers ?? []), layer];
  const frame = layer.origin.kind === 'result' ? layer.origin.plan.rect : layer.rect;
  const preview = { frame, picture: document.picture, layers: [...document.layers, ...layers] };
  const thumbnail = known?.thumbnail ?? (await codec.thumbnail(signal, preview, THUMBNAIL_EDGE));
  const result = { id: known?.id ?? resultId(groupId, k), layers, picture: null, thumbnail };
  return known ? results.map((other) => (other === known ? result : other)) : [...results, result];
}

const resultId = (groupId: string, k: number) => `${groupId}/${k}`;

type WholeRequest = Exclude<Request, { mode: 'edit' }>;

/** Pictures of their own. */
async function runWhole(signal: AbortSignal, request: WholeRequest, job: Run): Promise<void> {
  const { codec, onPhase, onResults } = job;
  const answer = await sendWhole(signal, request, job).finally(() => job.onGlimpse(null));
  onPhase('receiving');
  let group = groupOf(job, null, answer.words);
  const failures: unknown[] = [];
  for (const [k, picture] of answer.pictures.entries()) {
    try {
      const raw = await takeIn(signal, picture, codec);
      const image = await withoutPadding(signal, raw, request, codec);
      const preview: LayerStack = { frame: frameOf(image), picture: image, layers: [] };
      const thumbnail = await codec.thumbnail(signal, preview, THUMBNAIL_EDGE);
      const whole = { image, raw, made: madeBy(job, request.fields) };
      const result = { id: resultId(group.id, k), layers: [], picture: whole, thumbnail };
      group = { ...group, results: [...group.results, result] };
      onResults(group);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function sendWhole(signal: AbortSignal, request: WholeRequest, job: Run): Promise<Answer> {
  const { codec, client, send, onPhase, onGlimpse } = job;
  const { fields, price } = request;
  const of = fields.partial_images ?? 0;
  const onPartial = (picture: Blob, k: number) => onGlimpse({ picture, k, of, over: null });
  if (request.mode === 'generate') {
    const { prompt } = request;
    onPhase('waiting');
    return send(price, (sending) => client.generate(signal, { ...fields, prompt }, sending), onPartial);
  }
  const { document, plan } = request;
  const image = await codec.cropForService(signal, document, plan, emptyMask);
  onPhase('waiting');
  return send(price, (sending) => client.vary(signal, { ...fields, image }, sending), onPartial);
}

const frameOf = ({ width, height }: ImageRef) => ({ x: 0, y: 0, width, height });

/** Padding has to be cut off, which gives the size of the original; without it the service's own size is kept. */
async function withoutPadding(
  signal: AbortSignal,
  raw: ImageRef,
  request: WholeRequest,
  codec: ImageCodec,
): Promise<ImageRef> {
  if (request.mode !== 'variations' || !isPadded(request.plan)) return raw;
  const { plan, document } = request;
  return codec.fit(signal, raw, resultWindow(plan, raw, plan.rect), plan.rect, document.picture);
}

const isPadded = ({ padded }: CropPlan) => padded.right > 0 || padded.bottom > 0;

async function takeIn(signal: AbortSignal, picture: Blob, codec: ImageCodec): Promise<ImageRef> {
  const { ref, proxy } = await codec.addPicture(signal, picture);
  proxy.close();
  return ref;
}
