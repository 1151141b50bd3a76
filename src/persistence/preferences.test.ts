import { expect, test } from 'vitest';
import { parsePreferences } from './preferences.ts';

const defaults = { theme: 'system', language: 'system', exportFormat: 'png', exportMetadata: 'basic' };

test.each([
  [null, defaults],
  ['', defaults],
  ['{', defaults],
  ['null', defaults],
  ['7', defaults],
  ['{"theme":"dark"}', defaults],
  ['{"version":2,"theme":"dark"}', defaults],
  ['{"version":1,"theme":"dark","language":"ko"}', { ...defaults, theme: 'dark', language: 'ko' }],
  ['{"version":1,"theme":"pink","language":"ko"}', { ...defaults, language: 'ko' }],
  [
    '{"version":1,"exportFormat":"jpeg","exportMetadata":"all"}',
    { ...defaults, exportFormat: 'jpeg', exportMetadata: 'all' },
  ],
  ['{"version":1,"exportFormat":"bmp","exportMetadata":"none"}', { ...defaults, exportMetadata: 'none' }],
])('%j is read as %j', (stored, preferences) => {
  expect(parsePreferences(stored)).toEqual(preferences);
});
