import { CodecError } from '../codec/codecError.ts';
import { decodePng, readPng } from '../codec/png/decode.ts';
import { encodePngNow } from '../codec/png/encode.ts';
import type { Picture } from '../fill/picture.ts';
import { editTask, isFilledUnder, performTask, SOFTWARE, type Task, variationTask } from '../fill/task.ts';
import type { Ask, Order, Report } from './protocol.ts';

/** Makes one picture, and is ended afterwards. */

const post = (report: Report) => self.postMessage(report);

/** Nothing else waits in this worker. */
const noPause = async () => undefined;

async function decoded(png: Blob): Promise<Picture> {
  const file = await readPng(new Uint8Array(await png.arrayBuffer()), noPause);
  const { width, height } = file.format;
  return { width, height, rgba: await decodePng(file, noPause) };
}

/** 1 where alpha is one that counts, per pixel. */
function holeOf({ rgba }: Picture, counts: (alpha: number) => boolean): Uint8Array {
  const hole = new Uint8Array(rgba.length / 4);
  for (let at = 0; at < hole.length; at++) if (counts(rgba[at * 4 + 3]!)) hole[at] = 1;
  return hole;
}

/** The picture's own transparency says where, when no mask does. */
function ownHole(picture: Picture): Uint8Array | null {
  const hole = holeOf(picture, (alpha) => alpha === 0);
  return hole.includes(1) ? hole : null;
}

async function taskOf(ask: Ask, seed: number): Promise<Task> {
  if (ask.kind === 'generate') return { ...ask, seed };
  const picture = await decoded(ask.image);
  if (ask.kind === 'vary') return variationTask(picture, seed);
  const hole = ask.mask ? holeOf(await decoded(ask.mask), isFilledUnder) : ownHole(picture);
  return editTask(picture, hole, ask.prompt, seed);
}

async function perform({ ask, seed, partials }: Order): Promise<Report> {
  const task = await taskOf(ask, seed);
  const software = SOFTWARE[task.kind];
  let told = 0;
  const { rgba, words, ...size } = performTask(task, {
    progress(share) {
      if (share < told + 0.01) return;
      told = share;
      post({ kind: 'progress', share });
    },
    partials,
    deliver: (unfinished) => post({ kind: 'partial', picture: encodePngNow(task, unfinished, software) }),
  });
  return { kind: 'done', picture: encodePngNow(size, rgba, software), words };
}

function failureOf(error: unknown): Report {
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    code: error instanceof CodecError ? 'invalid_image_file' : 'internal_error',
    message,
  };
}

self.onmessage = ({ data }: MessageEvent<Order>) => void perform(data).catch(failureOf).then(post);
