import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { packMask } from '../raster/packedMask.ts';
import { CodecError } from './codecError.ts';
import {
  type Arguments,
  bitmapsOf,
  type FromWorker,
  type ImageSource,
  type Method,
  type Reply,
  type ToWorker,
  type WireStack,
} from './protocol.ts';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Calls into a worker that is started at the first call and again after it has died. Our own few lines instead of a
 * library such as Comlink, because every call needs an abort and bitmaps must be transferred.
 */
export class WorkerConnection {
  readonly #create: () => Worker;
  #worker: Worker | null = null;
  #lastCall = 0;
  readonly #pending = new Map<number, Pending>();
  /** How to tell every new worker of an image: a source names masks, which each worker must learn first. */
  readonly #images = new Map<string, () => ImageSource>();
  #lastMask = 0;
  readonly #maskIds = new WeakMap<Mask, number>();
  /** Masks that the present worker knows. */
  readonly #sentMasks = new Set<number>();
  readonly #collected = new FinalizationRegistry<number>((id) => {
    if (this.#sentMasks.delete(id)) this.#worker?.postMessage({ kind: 'forgetMask', id } satisfies ToWorker);
  });

  constructor(create: () => Worker) {
    this.#create = create;
  }

  /** Rejects at once when `signal` aborts; the worker then stops at its next pause. */
  call<M extends Method>(signal: AbortSignal, method: M, args: Arguments<M>): Promise<Reply<M>> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const call = ++this.#lastCall;
    return new Promise<Reply<M>>((resolve, reject) => {
      const abort = () => {
        this.#pending.delete(call);
        this.#worker?.postMessage({ kind: 'abort', call } satisfies ToWorker);
        reject(signal.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', abort);
          settle(value);
        };
      signal.addEventListener('abort', abort, { once: true });
      this.#pending.set(call, { resolve: settled(resolve), reject: settled(reject) });
      this.#post({ kind: 'call', call, method, args });
    });
  }

  /** The number under which the worker knows a mask; a mask crosses once, and is forgotten there once it is here. */
  mask(mask: Mask): number {
    let id = this.#maskIds.get(mask);
    if (id === undefined) {
      id = ++this.#lastMask;
      this.#maskIds.set(mask, id);
      this.#collected.register(mask, id);
    }
    if (!this.#sentMasks.has(id)) {
      this.#post({ kind: 'mask', id, mask: packMask(mask) });
      this.#sentMasks.add(id);
    }
    return id;
  }

  stack({ frame, picture, layers }: LayerStack): WireStack {
    return {
      frame,
      picture,
      layers: layers.map(({ id, image, rect, mask, visible }) => ({
        id,
        image,
        rect,
        mask: this.mask(mask),
        visible,
      })),
    };
  }

  /** Remembers an image that the worker has registered in a call. */
  keep(id: string, source: () => ImageSource): void {
    this.#images.set(id, source);
  }

  /** Registers an image; it is decoded when it is needed. */
  hold(id: string, source: ImageSource): void {
    this.#post({ kind: 'image', id, source });
    this.keep(id, () => source);
  }

  /** Registers an image and starts decoding it. */
  add(id: string, source: ImageSource): void {
    this.hold(id, source);
    this.#post({ kind: 'decode', id });
  }

  /** Starts the worker ahead of the first call. */
  start(): void {
    this.#running();
  }

  image(id: string): ImageSource | null {
    return this.#images.get(id)?.() ?? null;
  }

  forget(id: string): void {
    this.#images.delete(id);
    this.#worker?.postMessage({ kind: 'forgetImage', id } satisfies ToWorker);
  }

  /** Ends the worker and rejects what is pending with `worker-failed`. */
  end(cause?: unknown): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#sentMasks.clear();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new CodecError('worker-failed', {}, { cause }));
  }

  #post(message: ToWorker): void {
    this.#running().postMessage(message);
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#create();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    worker.onerror = (event) => this.end(event.message);
    worker.onmessageerror = () => this.end('A message could not be read.');
    for (const [id, source] of this.#images) {
      worker.postMessage({ kind: 'image', id, source: source() } satisfies ToWorker);
    }
    return worker;
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.call);
    this.#pending.delete(message.call);
    if ('value' in message) {
      if (pending) pending.resolve(message.value as never);
      else for (const bitmap of bitmapsOf(message.value)) bitmap.close();
      return;
    }
    const { code, details, message: text } = message.failure;
    pending?.reject(code ? new CodecError(code, details) : new Error(text));
  }
}
