// The reference of `npm run bench:server`: the least that a Fastify server can do with a form, which is to read it and
// to send it on. UPSTREAM: the origin it sends to.
import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { Agent, FormData, fetch } from 'undici';

const upstream = process.env['UPSTREAM'] ?? '';
const dispatcher = new Agent({ headersTimeout: 900_000, bodyTimeout: 900_000 });
const app = Fastify({ logger: false });
await app.register(multipart, { limits: { fileSize: 128 * 1024 * 1024 } });

app.post('/v1/images/edits', async (request, reply) => {
  const form = new FormData();
  for await (const part of request.parts()) {
    if (part.type === 'field') form.append(part.fieldname, String(part.value));
    else {
      const data = await part.toBuffer();
      form.append(
        part.fieldname,
        new Blob([data as Uint8Array<ArrayBuffer>], { type: part.mimetype }),
        part.filename,
      );
    }
  }
  const answer = await fetch(`${upstream}${request.url}`, { method: 'POST', body: form, dispatcher });
  reply.code(answer.status).type(answer.headers.get('content-type') ?? 'application/json');
  return answer.body;
});

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`port ${new URL(url).port}\n`);
