import { expect, test } from 'vitest';
import { ApiError } from '../api/apiError.ts';
import { CodecError } from '../codec/codecError.ts';
import { RefusedAsk, toJobError } from './errors.ts';

test('an error of the client keeps what it says', () => {
  const moderation = { moderation_stage: 'output', categories: ['violence'] };
  const error = new ApiError('moderation_blocked', 'no', { status: 400, retryAfterMs: 500, moderation });
  expect(toJobError(error, 1000)).toEqual({
    code: 'moderation_blocked',
    detail: 'no',
    retryAt: 1500,
    maybeBilled: false,
    repeatable: false,
    moderation: { stage: 'output', categories: ['violence'] },
  });
});

test.each([
  [new CodecError('undecodable'), 'undecodable'],
  [new RefusedAsk('no_document', 'x'), 'no_document'],
  [new TypeError('bug'), 'internal_error'],
  [new DOMException('gone', 'InvalidStateError'), 'internal_error'],
  ['text', 'internal_error'],
  [undefined, 'internal_error'],
])('%s has the code %s', (error, code) => {
  expect(toJobError(error, 0)).toMatchObject({ code, retryAt: null, maybeBilled: false });
});
