// A service that answers as fast as it can, for `npm run bench:server`. DELAY_MS: how long it waits with its answer.
// STREAM: it sends an event stream, its first partial at once and the end after the delay.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { noisePng } from './picture.ts';

const wait = Number(process.env['DELAY_MS'] ?? 0);
const streams = process.env['STREAM'] === '1';
const picture = (await noisePng(100_000)).toString('base64');
const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };
const json = JSON.stringify({ created: 1, data: [{ b64_json: picture }], usage });

const event = (type: string, more: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: picture, created_at: 1, size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'png', ...more })}\n\n`;

const server = createServer(async (request, response) => {
  request.resume();
  await new Promise((resolve) => request.once('end', resolve));
  if (streams) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('image_edit.partial_image', { partial_image_index: 0 }));
    await delay(wait);
    response.end(event('image_edit.completed', { usage }));
    return;
  }
  if (wait > 0) await delay(wait);
  response.writeHead(200, { 'content-type': 'application/json' }).end(json);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`));
