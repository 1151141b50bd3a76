import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { StreamEvent } from '../contract.ts';
import { ApiError } from '../errors.ts';
import type { Job } from '../jobs/jobs.ts';
import type { ProviderResult } from '../providers/provider.ts';
import type { Order } from './order.ts';
import { backgroundOf, formatOf, sizeOf, toBase64, unixSeconds } from './replies.ts';

/** Proxies close what is silent, some after a minute. */
const PING_MS = 15_000;
const NO_USAGE = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

/**
 * Answers with OpenAI's events, from the moment the job runs: whatever fails from here on is an event, too. A client
 * that reads slowly misses unfinished pictures, never the last event.
 */
export function sendEvents(reply: FastifyReply, order: Order, job: Job, pingMs = PING_MS): FastifyReply {
  const { endpoint, fields, model } = order;
  const family = endpoint === 'generations' ? 'image_generation' : 'image_edit';
  const stream = new PassThrough();
  const send = (event: StreamEvent) =>
    stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  // The first bytes make the headers leave.
  stream.write(': begun\n\n');
  const pinging = setInterval(() => stream.write(': ping\n\n'), pingMs);

  const streamed = (
    data: Uint8Array,
    mime: ProviderResult['images'][number]['mime'],
    quality: string | null,
  ) => ({
    b64_json: toBase64(data),
    created_at: unixSeconds(),
    size: sizeOf(data) ?? 'auto',
    quality: quality ?? fields.quality ?? 'auto',
    background: backgroundOf(model, fields).background ?? 'auto',
    output_format: formatOf(mime),
  });

  const unwatch = job.watch(({ index, data, mime }) => {
    if (stream.writableNeedDrain) return;
    send({
      type: `${family}.partial_image`,
      partial_image_index: index,
      ...streamed(data, mime, null),
    });
  });

  function finish(result: ProviderResult) {
    const [first] = result.images;
    if (!first) throw new Error('a result without a picture');
    send({
      type: `${family}.completed`,
      ...streamed(first.data, first.mime, result.quality),
      usage: result.usage ?? NO_USAGE,
      ...(result.words ? { lacuna: result.words } : {}),
      ...(result.notices ? { notices: result.notices } : {}),
    });
  }

  job.outcome
    .then(finish)
    .catch((error: unknown) => {
      const known =
        error instanceof ApiError
          ? error
          : new ApiError(500, 'internal_error', 'Something went wrong in this server.');
      const { retryAfterMs } = known.options;
      send({
        type: 'error',
        ...known.toEnvelope(),
        status: known.status,
        ...(retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(retryAfterMs) }),
      });
    })
    .finally(() => {
      clearInterval(pinging);
      unwatch();
      stream.end();
    });

  return reply
    .header('cache-control', 'no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream; charset=utf-8')
    .send(stream);
}
