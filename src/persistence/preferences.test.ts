import { expect, test } from 'vitest';
import { parsePreferences } from './preferences.ts';

const defaults = { theme: 'system', language: 'system' };

test.each([
  [null, defaults],
  ['', defaults],
  ['{', defaults],
  ['null', defaults],
  ['7', defaults],
  ['{"theme":"dark"}', defaults],
  ['{"version":2,"theme":"dark"}', defaults],
  ['{"version":1,"theme":"dark","language":"ko"}', { theme: 'dark', language: 'ko' }],
  ['{"version":1,"theme":"pink","language":"ko"}', { theme: 'system', language: 'ko' }],
])('%j is read as %j', (stored, preferences) => {
  expect(parsePreferences(stored)).toEqual(preferences);
});
