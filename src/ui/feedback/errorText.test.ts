import { expect, test } from 'vitest';
import { detailKey, errorKeys, isUnreachable } from './errorText.ts';

test('only a service is quoted as one', () => {
  expect(detailKey('moderation_blocked', true)).toBe('error.detail');
  expect(detailKey('a_code_of_its_own', true)).toBe('error.detail');
  for (const code of ['server_unreachable', 'offline', 'storage_full', 'undecodable', 'missing']) {
    expect(detailKey(code, true), code).toBeNull();
  }
  expect(detailKey('export', false)).toBe('error.reason');
});

test('a code without words of its own gets those of an unknown error', () => {
  expect(errorKeys('newer').title).toBe('error.newer');
  expect(errorKeys('a_code_of_its_own').title).toBe('error.unknown');
});

test('lost connections are told from refusals', () => {
  expect(isUnreachable('offline')).toBe(true);
  expect(isUnreachable('rate_limit_exceeded')).toBe(false);
});
