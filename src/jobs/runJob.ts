import type { CropPlan } from '../blend/cropPlan.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef, LayerStack, RasterLayer } from '../raster/layerStack.ts';
import type { JobPhase, Result, ResultGroup } from './job.ts';
import type { Answer, ImageCodec, ImageService, ServiceTraits } from './ports.ts';
import { type Frozen, type Request, requestFor } from './request.ts';

/** Longest edge of a thumbnail in device px: 96 CSS px on a screen of density 2. */
const THUMBNAIL_EDGE = 192;

export interface JobRun {
  readonly codec: ImageCodec;
  readonly client: ImageService;
  readonly frozen: Frozen;
  readonly onPhase: (phase: JobPhase) => void;
  /** Called with the growing group each time a result is ready. */
  readonly onResults: (group: ResultGroup) => void;
  /** Unix time in ms. */
  readonly now: () => number;
}

/**
 * Sends what was frozen and turns the answer into results, one after the other. One picture that can't be read
 * does not take the others with it: the first such error is thrown once all have been tried.
 */
export async function runJob(signal: AbortSignal, capabilities: ServiceTraits, job: JobRun): Promise<void> {
  const { frozen, onPhase, onResults } = job;
  const request = requestFor(frozen, capabilities);
  const answer = await send(signal, request, job);
  onPhase('receiving');
  const receive = await receiver(signal, request, job.codec);
  const group: ResultGroup = {
    id: crypto.randomUUID(),
    mode: frozen.ask.mode,
    ask: frozen.ask,
    createdAt: job.now(),
    snapshot: frozen.document,
    plan: request.mode === 'generate' ? null : request.plan,
    results: [],
    words: answer.words,
  };
  const results: Result[] = [];
  const failures: unknown[] = [];
  for (const picture of answer.pictures) {
    try {
      results.push(await receive(picture));
      onResults({ ...group, results: [...results] });
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function send(signal: AbortSignal, request: Request, job: JobRun): Promise<Answer> {
  const { codec, client, onPhase } = job;
  const { fields } = request;
  if (request.mode === 'generate') {
    onPhase('waiting');
    return client.generate(signal, { ...fields, prompt: request.prompt });
  }
  const { document, plan } = request;
  const image = await codec.cropForService(signal, document, plan);
  if (request.mode === 'variations') {
    onPhase('waiting');
    return client.vary(signal, { ...fields, image });
  }
  const mask = request.masked ? await codec.maskForService(signal, document.mask, plan) : null;
  onPhase('waiting');
  return client.edit(signal, { ...fields, prompt: request.prompt, image, ...(mask && { mask }) });
}

const isPadded = ({ padded }: CropPlan) => padded.right > 0 || padded.bottom > 0;

type Receive = (picture: Blob) => Promise<Result>;

async function receiver(signal: AbortSignal, request: Request, codec: ImageCodec): Promise<Receive> {
  const thumbnail = (stack: LayerStack) => codec.thumbnail(signal, stack, THUMBNAIL_EDGE);

  if (request.mode === 'edit') {
    const { document, plan } = request;
    const mask = request.masked
      ? await codec.blendMask(signal, document.mask, document.frame)
      : fillMask(plan.rect);
    return async (picture) => {
      const image = await codec.addResult(signal, picture, plan, document.picture);
      const layer: RasterLayer = { id: crypto.randomUUID(), image, rect: plan.rect, mask, visible: true };
      const preview = { frame: plan.rect, picture: document.picture, layers: [...document.layers, layer] };
      return { id: crypto.randomUUID(), image, layer, thumbnail: await thumbnail(preview) };
    };
  }

  async function takeIn(picture: Blob): Promise<ImageRef> {
    // Padding has to be cut off, which gives the size of the original; without it the service's own size is kept.
    if (request.mode === 'variations' && isPadded(request.plan)) {
      return codec.addResult(signal, picture, request.plan, request.document.picture);
    }
    const { ref, proxy } = await codec.addPicture(signal, picture);
    proxy.close();
    return ref;
  }

  return async (picture) => {
    const image = await takeIn(picture);
    const frame = { x: 0, y: 0, width: image.width, height: image.height };
    const preview = { frame, picture: image, layers: [] };
    return { id: crypto.randomUUID(), image, layer: null, thumbnail: await thumbnail(preview) };
  };
}
