import type {
  CompletedEvent,
  ImagesReply,
  ImageUsage,
  PartialEvent,
  StreamEvent,
} from '../../server/contract.ts';
import { ApiError, errorOfEvent, errorOfResponse } from './apiError.ts';
import { eventData } from './eventStream.ts';
import { jsonOf, nothing } from './json.ts';
import { pictureOfBase64 } from './picture.ts';

export interface Pictures {
  /** At least one; each a PNG, JPEG or WebP by its bytes. */
  readonly pictures: readonly Blob[];
  readonly words: NonNullable<ImagesReply['lacuna']> | null;
  readonly usage: ImageUsage | null;
}

/** An unfinished picture; `k` counts from 1. */
export type OnPartial = (picture: Blob, k: number) => void;

function picturesOf(reply: ImagesReply | null): Pictures {
  const pictures = (Array.isArray(reply?.data) ? reply.data : []).flatMap((datum) => {
    const picture = typeof datum?.b64_json === 'string' ? pictureOfBase64(datum.b64_json) : null;
    return picture ?? [];
  });
  if (pictures.length === 0) throw nothing('The answer holds no picture.');
  return { pictures, words: reply?.lacuna ?? null, usage: reply?.usage ?? null };
}

/** The pictures of an answer, be it JSON or an event stream. Throws an ApiError, or what breaks the connection. */
export async function readReply(response: Response, onPartial: OnPartial): Promise<Pictures> {
  if (!response.ok) throw await errorOfResponse(response);
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (streamed && response.body) return readStream(response.body, onPartial);
  return picturesOf((await jsonOf(response)) as ImagesReply | null);
}

async function readStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onPartial: OnPartial,
): Promise<Pictures> {
  for await (const text of eventData(body)) {
    const event = parseEvent(text);
    if (event?.type === 'error') throw errorOfEvent(event);
    if (isCompleted(event)) {
      const { b64_json, usage, lacuna } = event;
      return picturesOf({ created: 0, data: [{ b64_json }], usage, ...(lacuna && { lacuna }) });
    }
    if (isPartial(event)) {
      const picture = pictureOfBase64(event.b64_json);
      if (picture) onPartial(picture, event.partial_image_index + 1);
    }
  }
  throw new ApiError('server_unreachable', 'The stream ended before the picture came.', {
    status: 200,
    maybeBilled: true,
    lost: true,
  });
}

/** null: not an event of ours. */
function parseEvent(text: string): StreamEvent | null {
  try {
    return JSON.parse(text) as StreamEvent | null;
  } catch {
    return null;
  }
}

const isCompleted = (event: StreamEvent | null): event is CompletedEvent =>
  event?.type?.endsWith('.completed') === true;
const isPartial = (event: StreamEvent | null): event is PartialEvent =>
  event?.type?.endsWith('.partial_image') === true;
