import type { ImageUsage } from '../contract.ts';
import { createEventParser, FrameTooLarge, type ServerEvent } from './eventStream.ts';
import { asMembers, type ImageEvent, type Members, readImageEvent } from './imageEvents.ts';
import { unusable } from './servedImages.ts';
import { readUsage } from './usage.ts';

const MB = 1024 * 1024;
/** Of a whole answer: ten PNGs of 3840 x 2160 in base64, or a stream of that length. More is refused while it comes. */
export const MAX_ANSWER_BYTES = 256 * MB;
/** One message of a stream: a picture of 64 MB in base64. */
const MAX_MESSAGE_BYTES = 90 * MB;

/** Finished pictures as the service wrote them, undecoded, or its reason why there are none. */
export type Answer =
  | {
      readonly kind: 'pictures';
      readonly items: readonly unknown[];
      readonly usage: ImageUsage | null;
      readonly quality: string | null;
    }
  | {
      readonly kind: 'error';
      readonly body: unknown;
      /** Unfinished pictures had come before. */
      readonly begun: boolean;
    };

export interface Expected {
  /** Finished pictures; a stream is left when it has brought so many. */
  readonly pictures: number;
  readonly onPartial: (item: Members, index: unknown) => Promise<void>;
}

/**
 * Reads a reply with a status of success, JSON or an event stream: services answer one where the other was asked
 * for. Throws ApiError for what cannot be understood, and what the body's reading throws when the connection breaks.
 */
export async function readAnswer(response: Response, expected: Expected): Promise<Answer> {
  const stream = createAnswerStream(expected);
  const parser = createEventParser(MAX_MESSAGE_BYTES);
  let form: 'json' | 'events' | null = null;
  const text: Uint8Array[] = [];
  try {
    for await (const chunk of counted(response)) {
      form ??= formOf(chunk, response.headers.get('content-type') ?? '');
      if (form === 'json') text.push(chunk);
      if (form === 'events' && (await stream.take(parser.push(chunk)))) return stream.answer();
    }
    if (form === 'events') await stream.take(parser.end());
  } catch (error) {
    // What is finished was paid for, whatever became of the rest.
    if (stream.hasPictures()) return stream.answer();
    throw error instanceof FrameTooLarge ? unusable('a message of its stream is too large', error) : error;
  }
  return form === 'events' ? stream.answer() : readJson(new TextDecoder().decode(Buffer.concat(text)));
}

/** The pieces of a body, refused beyond `limit` bytes. Leaving the loop early hangs up. */
export async function* counted(response: Response, limit = MAX_ANSWER_BYTES): AsyncGenerator<Uint8Array> {
  const tooLarge = () => unusable(`its answer is larger than ${Math.round(limit / MB)} MB`);
  if (Number(response.headers.get('content-length')) > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge();
    yield chunk;
  }
}

export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces).toString();
}

/**
 * By what the body begins with, because the content type is wrong often enough. The lines of an event stream begin
 * with data, event, id, retry or a colon, and no JSON does. null: only white space so far.
 */
function formOf(chunk: Uint8Array, contentType: string): 'json' | 'events' | null {
  // Past white space and the bytes of a byte order mark.
  const at = chunk.findIndex((byte) => byte > 0x20 && byte < 0x80);
  if (at < 0) return null;
  const first = String.fromCharCode(chunk[at] ?? 0);
  if ('deir:'.includes(first)) return 'events';
  return contentType.startsWith('text/event-stream') && !'{['.includes(first) ? 'events' : 'json';
}

function readJson(text: string): Answer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw unusable('its answer is not valid JSON', error);
  }
  const members = asMembers(parsed);
  if (members?.['error']) return { kind: 'error', body: members, begun: false };
  return pictures(members ? [members] : []);
}

function createAnswerStream({ pictures: wanted, onPartial }: Expected) {
  const replies: Members[] = [];
  let failure: Answer | null = null;
  let begun = false;

  async function handle(event: ImageEvent): Promise<void> {
    if (event.kind === 'completed') replies.push(event.reply);
    else if (event.kind === 'error') failure = { kind: 'error', body: event.body, begun };
    else {
      begun = true;
      await onPartial(event.item, event.index);
    }
  }
  const isOver = () => failure !== null || itemsOf(replies).length >= wanted;

  return {
    hasPictures: () => itemsOf(replies).length > 0,
    /** True: nothing that comes after these messages counts. */
    async take(messages: readonly ServerEvent[]): Promise<boolean> {
      for (const message of messages) {
        const event = readImageEvent(message);
        if (event) await handle(event);
        if (isOver()) return true;
      }
      return false;
    },
    answer(): Answer {
      if (replies.length > 0) return pictures(replies);
      if (failure) return failure;
      throw unusable('its stream ended before a picture was finished');
    },
  };
}

/** A plain answer has its pictures in `data`; a message of a stream is a picture itself. */
const itemsOf = (replies: readonly Members[]): unknown[] =>
  replies.flatMap((reply): unknown[] =>
    Array.isArray(reply['data']) ? reply['data'] : isPicture(reply) ? [reply] : [],
  );

const isPicture = (members: Members) => members['b64_json'] !== undefined || members['url'] !== undefined;

function pictures(replies: readonly Members[]): Answer {
  const items = itemsOf(replies);
  if (items.length === 0) throw unusable('its answer holds no picture');
  const last = replies.at(-1);
  const quality = last?.['quality'];
  return {
    kind: 'pictures',
    items,
    usage: readUsage(last?.['usage']),
    quality: typeof quality === 'string' ? quality : null,
  };
}
