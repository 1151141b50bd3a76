/** Runs in the browser: the embedded engine behind one function that takes and gives plain data; files as base64. */
import { edit, generate, vary } from '../../src/embedded/engine.ts';

const blobOf = (text: string) =>
  new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: 'image/png' });

async function textOf(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

export interface Asked {
  readonly kind: 'edit' | 'vary' | 'generate';
  readonly prompt: string;
  readonly size: string;
  readonly n: number;
  readonly seed: number;
  readonly partials: number;
  readonly image?: string;
  readonly mask?: string;
  /** It is cancelled as soon as it has told of its progress. */
  readonly cancelled?: true;
}

export interface Told {
  readonly pictures: readonly string[];
  readonly partials: readonly string[];
  readonly numbers: readonly number[];
  readonly progress: readonly number[];
  readonly words: { readonly used: readonly string[]; readonly ignored: readonly string[] } | null;
  readonly code: string | null;
  /** From the cancel to the answer, ms. */
  readonly cancelMs: number;
}

async function make(asked: Asked): Promise<Told> {
  const { kind, prompt, size, n, seed } = asked;
  const controller = new AbortController();
  const partials: Promise<string>[] = [];
  const numbers: number[] = [];
  const progress: number[] = [];
  let cancelledAt = 0;
  const sending = {
    onPartial(picture: Blob, k: number) {
      partials.push(textOf(picture));
      numbers.push(k);
    },
    onProgress(share: number) {
      progress.push(share);
      if (!asked.cancelled || cancelledAt > 0) return;
      cancelledAt = performance.now();
      controller.abort();
    },
  };
  const fields = { n, size, seed, partial_images: asked.partials };
  const image = blobOf(asked.image ?? '');
  const mask = asked.mask === undefined ? {} : { mask: blobOf(asked.mask) };
  const answer = () => {
    if (kind === 'generate') return generate(controller.signal, { ...fields, prompt }, sending);
    if (kind === 'vary') return vary(controller.signal, { ...fields, image }, sending);
    return edit(controller.signal, { ...fields, prompt, image, ...mask }, sending);
  };
  const heard = async () => ({ partials: await Promise.all(partials), numbers, progress });
  try {
    const { pictures, words } = await answer();
    return {
      pictures: await Promise.all(pictures.map(textOf)),
      words,
      code: null,
      cancelMs: 0,
      ...(await heard()),
    };
  } catch (error) {
    const { code } = error as { code: string };
    const cancelMs = performance.now() - cancelledAt;
    return { pictures: [], words: null, code, cancelMs, ...(await heard()) };
  }
}

Object.assign(window, { make });
