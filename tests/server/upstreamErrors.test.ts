import { expect, test } from 'vitest';
import { loggerOptions } from '../../server/logging.ts';
import { fakeUpstream, file, form, picture, type Refusal, sendJson, serveUpstream } from './support.ts';

const openai = (message: string, rest: object = {}) => ({
  error: { message, type: 'invalid_request_error', param: null, code: null, ...rest },
});

/** What services are known to answer, and what the browser is told. */
type Case = [what: string, status: number, body: unknown, told: Partial<Refusal>];
const cases: Case[] = [
  [
    'moderation of an input',
    400,
    openai('Your request was rejected by the safety system.', {
      type: 'image_generation_user_error',
      code: 'moderation_blocked',
      moderation_details: { moderation_stage: 'input', categories: ['sexual'] },
    }),
    {
      status: 400,
      code: 'moderation_blocked',
      type: 'image_generation_user_error',
      moderation_details: { moderation_stage: 'input', categories: ['sexual'] },
    },
  ],
  [
    'moderation of an output',
    400,
    openai('rejected by the safety system', { moderation_details: { moderation_stage: 'output' } }),
    { code: 'moderation_blocked', maybe_billed: true },
  ],
  [
    'moderation as it was in 2023',
    400,
    openai('Your request was rejected as a result of our safety system.', {
      code: 'content_policy_violation',
    }),
    { status: 400, code: 'moderation_blocked' },
  ],
  [
    'a hard limit',
    400,
    openai('Billing hard limit has been reached', { code: 'billing_hard_limit_reached' }),
    { status: 429, code: 'insufficient_quota' },
  ],
  [
    'a used-up quota',
    429,
    openai('You exceeded your current quota, please check your plan.', { type: 'insufficient_quota' }),
    { status: 429, code: 'insufficient_quota' },
  ],
  [
    'an unverified organisation',
    403,
    openai('Your organization must be verified to use the model `gpt-image-2`.'),
    { status: 403, code: 'organization_not_verified' },
  ],
  [
    'a refused key',
    401,
    openai('Incorrect API key provided', { code: 'invalid_api_key' }),
    { status: 401, code: 'invalid_api_key' },
  ],
  [
    'a missing model',
    404,
    openai('The model `x` does not exist or you do not have access to it.', { code: 'model_not_found' }),
    { status: 404, code: 'model_not_found', param: 'model' },
  ],
  [
    'a size',
    400,
    openai("Invalid size '1x1'.", {
      type: 'image_generation_user_error',
      param: 'size',
      code: 'invalid_value',
    }),
    { status: 400, code: 'invalid_value', param: 'size', message: "Invalid size '1x1'." },
  ],
  [
    'a country',
    403,
    openai('Country, region, or territory not supported'),
    {
      status: 403,
      code: 'permission_denied',
      message: 'Country, region, or territory not supported',
    },
  ],
  [
    'an address that the key may not be used from',
    401,
    openai('Your IP is not authorized', { code: 'ip_not_authorized' }),
    { status: 403, code: 'permission_denied' },
  ],
  [
    'a route that is not there',
    404,
    openai('Invalid URL (POST /v1/images/edits)'),
    { status: 502, code: 'upstream_not_found' },
  ],
  ['a route that FastAPI lacks', 404, { detail: 'Not Found' }, { status: 502, code: 'upstream_not_found' }],
  ['a page that is not there', 404, '<h1>404</h1>', { status: 502, code: 'upstream_not_found' }],
  ['a method', 405, { detail: 'Method Not Allowed' }, { status: 502, code: 'upstream_not_found' }],
  ['a model that Ollama lacks', 404, openai("model 'x' not found"), { status: 404, code: 'model_not_found' }],
  ['a conflict', 409, openai('busy with another one'), { status: 409, code: 'request_refused' }],
  ['no reason', 400, '', { status: 400, code: 'request_refused' }],
  ['prepaid credit', 402, openai('Insufficient credits'), { status: 429, code: 'insufficient_quota' }],
  ['a body too large', 413, '<h1>Entity Too Large</h1>', { status: 413, code: 'request_too_large' }],
  [
    'overload as a rate',
    429,
    openai('slow', { code: 'slow_down' }),
    { status: 503, code: 'server_is_overloaded' },
  ],
  ...(
    [
      ['Invalid mask image format - mask image missing alpha channel', null, null, 'mask_without_alpha'],
      [
        'Invalid mask image format - mask image missing alpha channel',
        null,
        'invalid_image_file',
        'mask_without_alpha',
      ],
      ['Invalid mask image format - mask size does not match image size', null, null, 'mask_size_mismatch'],
      ['Invalid mask image format', null, null, 'invalid_mask'],
      ['Something about it', 'mask', 'invalid_value', 'invalid_mask'],
      ['Nothing to edit', 'mask', 'mask_empty', 'mask_empty'],
      [
        "Invalid file 'image': unsupported mimetype ('application/octet-stream').",
        null,
        null,
        'invalid_image_format',
      ],
      ['Uploaded image must be a PNG and less than 4 MB.', null, null, 'invalid_image_format'],
      [
        "Invalid input image - format must be in ['RGBA', 'LA', 'L'], got RGB.",
        null,
        null,
        'invalid_image_file',
      ],
      [
        'Invalid image file or mode for image 1, please check your image file.',
        null,
        null,
        'invalid_image_file',
      ],
      ["'image' is a required property", null, null, 'missing_required_parameter'],
      ["The model 'gpt-image-2' does not support quality 'xhigh'", null, null, 'invalid_value'],
      [
        "The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
        null,
        'invalid_input_fidelity_model',
        'unknown_parameter',
      ],
      ["Unknown parameter: 'stream'.", 'stream', 'unknown_parameter', 'unknown_parameter'],
      [
        "Invalid 'prompt': string too long. Expected a maximum length of 1000.",
        'prompt',
        'string_above_max_length',
        'prompt_too_long',
      ],
      ['A word of its own', 'n', 'made_up', 'invalid_value'],
      ['A word of its own', null, 'made_up', 'request_refused'],
    ] as const
  ).map(
    ([message, param, code, expected]): Case => [
      `${message} (${code})`,
      400,
      openai(message, { param, code }),
      { status: 400, code: expected, message, param },
    ],
  ),
  [
    'overload',
    503,
    openai('busy', { code: 'server_is_overloaded' }),
    { status: 503, code: 'server_is_overloaded' },
  ],
  [
    'an error of the server',
    500,
    openai('oops'),
    { status: 502, code: 'upstream_error', maybe_billed: true },
  ],
  [
    'a gateway page',
    504,
    '<html><title>t</title><h1>Gateway Time-out</h1></html>',
    { status: 504, code: 'upstream_timeout', maybe_billed: true },
  ],
  [
    'a text as the error',
    400,
    { error: 'mask size wrong' },
    { status: 400, code: 'invalid_mask', message: 'mask size wrong' },
  ],
  [
    'a detail',
    422,
    { detail: 'field required' },
    { status: 422, code: 'missing_required_parameter', message: 'field required' },
  ],
  [
    'a list of details, which echoes what was sent',
    422,
    {
      detail: [
        { loc: ['body', 'size'], msg: 'Input should be a string', input: 'a mask of a private party' },
      ],
    },
    { status: 422, code: 'invalid_value', param: 'size', message: 'size: Input should be a string' },
  ],
  [
    'an error inside the error of a gateway',
    400,
    openai(
      `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai('no picture', { code: 'invalid_image_file' }))}`,
    ),
    { status: 400, code: 'invalid_image_file', message: 'no picture' },
  ],
  [
    'moderation that names its categories in its message only',
    400,
    openai(
      'Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID req_1. safety_violations=[sexual, violence].',
      { type: 'image_generation_user_error', code: 'moderation_blocked' },
    ),
    { code: 'moderation_blocked', moderation_details: { categories: ['sexual', 'violence'] } },
  ],
  [
    "the filter of Azure's",
    400,
    openai('Your task failed as a result of our safety system.', { code: 'contentFilter' }),
    { status: 400, code: 'moderation_blocked' },
  ],
  ...['credit_balance_exhausted', 'project_spend_limit_exceeded', 'insufficient_quota'].map(
    (code): Case => [code, 429, openai('No money', { code }), { status: 429, code: 'insufficient_quota' }],
  ),
  [
    'the budget of a gateway',
    400,
    openai('Budget has been exceeded! Current cost: 10, Max budget: 5', { type: 'budget_exceeded' }),
    { status: 429, code: 'insufficient_quota' },
  ],
  [
    'a key that may not make pictures',
    401,
    openai('You have insufficient permissions for this operation. Missing scopes: api.model.images.request.'),
    { status: 403, code: 'permission_denied' },
  ],
  [
    'overload as a type',
    529,
    openai('Overloaded', { type: 'overloaded_error' }),
    { status: 503, code: 'server_is_overloaded' },
  ],
  [
    'a type of a field',
    400,
    openai("Invalid type for 'image[0]': expected a file, but got a string instead.", {
      param: 'image[0]',
      code: 'invalid_type',
    }),
    { status: 400, code: 'invalid_type', param: 'image[0]' },
  ],
  [
    'a size without a size in its code',
    400,
    openai("Invalid size '576x1024'. Requested resolution is below the current minimum pixel budget.", {
      type: 'image_generation_user_error',
      param: 'size',
      code: 'invalid_value',
    }),
    { status: 400, code: 'invalid_value', param: 'size', type: 'image_generation_user_error' },
  ],
  [
    'stream without partials',
    400,
    openai('Streaming must have non-zero partial images.'),
    { status: 400, code: 'request_refused' },
  ],
  [
    'an error word beside its message',
    500,
    { error: 'server_error', message: 'generate failed' },
    {
      status: 502,
      code: 'upstream_error',
      message: 'The image service failed (500): generate failed',
      maybe_billed: true,
    },
  ],
  [
    'a picture that is sent back in the message',
    400,
    openai(`Invalid image ${Buffer.alloc(600, 'picture').toString('base64')} in the request`),
    { status: 400, code: 'invalid_image_file', message: 'Invalid image […] in the request' },
  ],
  ['a number as the code', 400, openai('bad', { code: 400 }), { status: 400, code: 'request_refused' }],
];

test.each(cases)('%s', async (_what, status, body, expected) => {
  const { upstream, refused } = await serveUpstream();
  upstream.answer = (_call, response) => sendJson(response, status, body);
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject(expected);
  expect(refusal.message).not.toContain('<');
  if (!expected.maybe_billed) expect(refusal.maybe_billed).toBeUndefined();
});

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) is not followed: no other host gets the pictures',
  async (status) => {
    const { upstream, refused } = await serveUpstream();
    const elsewhere = await fakeUpstream();
    upstream.answer = (call, response) =>
      void response.writeHead(status, { location: `${elsewhere.url}${call.path}` }).end();
    const image = file(await picture(1024, 1024));
    const refusal = await refused('/v1/images/edits', form({ image, prompt: 'x' }));
    expect(refusal).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(refusal.message).toContain('OPENAI_BASE_URL');
    expect(refusal.maybe_billed).toBeUndefined();
    expect(upstream.calls).toHaveLength(1);
    expect(elsewhere.calls).toEqual([]);
  },
);

test.each([
  [{ 'retry-after-ms': '1500' }, 'slow down', '2'],
  [{ 'retry-after': '7' }, 'slow down', '7'],
  [{}, 'Rate limit reached. Please try again in 12s.', '12'],
  [{}, 'please slow down and try again after 51.84 seconds.', '52'],
  [
    {},
    'Rate limit reached for gpt-image-2 (for limit gpt-image) in organization org-1 on input-images per min: Limit 5, Used 5, Requested 1. Please try again in 1m12.5s. Visit us.',
    '73',
  ],
  [{}, 'Please try again in 2 minutes.', '120'],
  [{}, 'Please try again in 1h.', '3600'],
  [{}, 'Please try again in 250ms.', '1'],
  [{ 'retry-after': '0', 'retry-after-ms': 'soon' }, 'Try again in 3s', '3'],
  [{ 'retry-after': '99999999' }, 'slow down', null],
  [{}, 'slow down', null],
])('a rate limit says when to come back (%o, %s)', async (headers, message, seconds) => {
  const { upstream, refused } = await serveUpstream();
  upstream.answer = (_call, response) =>
    sendJson(response, 429, openai(message, { code: 'rate_limit_exceeded' }), headers);
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  expect(refusal.headers.get('retry-after')).toBe(seconds);
  expect(refusal.headers.get('x-should-retry')).toBe('true');
});

test('a date says when to come back, too', async () => {
  const { upstream, refused } = await serveUpstream();
  const headers = { 'retry-after': new Date(Date.now() + 600_000).toUTCString() };
  upstream.answer = (_call, response) => sendJson(response, 429, openai('slow down'), headers);
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  const wait = Number(refusal.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(500);
  expect(wait).toBeLessThanOrEqual(600);
});

const KEY = 'a-key.of-an+unusual/form==';

test.each([
  ['sk-proj-AbCdEf0123456789_-xyz', 400],
  [KEY, 400],
  [KEY, 401],
  [KEY, 500],
])('the key %s is never told, whatever the service does with it (%i)', async (apiKey, status) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const logger = { ...loggerOptions('trace'), stream };
  const { upstream, url } = await serveUpstream({ apiKey }, { logger });
  upstream.answer = (_call, response) => {
    const told = openai(`Bad key ${apiKey}, Authorization: Bearer ${apiKey}`, {
      param: apiKey,
      code: apiKey,
      type: apiKey,
    });
    sendJson(response, status, told, { 'x-request-id': apiKey, 'retry-after': apiKey, 'x-echo': apiKey });
  };
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'a private thought' }),
  });
  const everything = `${JSON.stringify([...response.headers])}${await response.text()}${lines.join('')}`;
  expect(upstream.calls[0]?.headers['authorization']).toBe(`Bearer ${apiKey}`);
  expect(lines.length).toBeGreaterThan(0);
  expect(everything).not.toContain(apiKey);
  expect(lines.join('')).not.toContain('private');
});

test('the key is not told in a successful answer or in the capabilities either', async () => {
  const { upstream, url, client } = await serveUpstream({ apiKey: KEY });
  const data = (await picture()).toString('base64');
  upstream.answer = (_call, response) =>
    sendJson(
      response,
      200,
      { data: [{ b64_json: data, revised_prompt: `drawn with ${KEY}` }] },
      { 'x-request-id': KEY },
    );
  const { data: reply, response } = await client.images
    .generate({ model: 'gpt-image-2', prompt: 'x' })
    .withResponse();
  expect(JSON.stringify([reply, ...response.headers])).not.toContain(KEY);
  expect(await (await fetch(`${url}/api/capabilities`)).text()).not.toContain(KEY);
});
