import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../errors.ts';
import { readAnswer } from './answer.ts';

const words = fc.constantFrom(
  ...[
    'data: ',
    'event: error\n',
    '\n',
    '\n\n',
    '\r',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"type":"image_edit.completed"',
    ' ',
  ],
  ...[
    '"b64_json":"AAAA"',
    '"url":null',
    '"data":',
    '"error":',
    '"error":"x"',
    '"usage":{"total_tokens":1}',
    'null',
  ],
  ...[
    '"type":"image_edit.partial_image"',
    '"partial_image_index":0',
    '[DONE]',
    '\ufeff',
    'ü',
    ':',
    '1',
    '{"a":1}',
  ],
);
const bodies = fc.oneof(
  fc.array(words, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
  fc.json().map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(`data: ${text}\n\n`)),
  fc.uint8Array({ maxLength: 200 }),
);

test('whatever a service answers is an answer or an ApiError that may have billed', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.constantFrom('text/event-stream', 'application/json'), async (body, type) => {
      const response = new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } });
      const expected = { pictures: 1, onPartial: async () => {} };
      const outcome = await readAnswer(response, expected).catch((error: unknown) => error);
      if (outcome instanceof ApiError)
        expect(outcome).toMatchObject({
          status: 502,
          code: 'upstream_error',
          options: { maybeBilled: true },
        });
      else expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(pictures|error)$/) });
    }),
    { numRuns: 2000 },
  );
});
