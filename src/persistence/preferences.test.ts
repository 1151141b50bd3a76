import { expect, test } from 'vitest';
import { parsePreferences } from './preferences.ts';

const brush = {
  size: 60,
  hardness: 1,
  opacity: 1,
  smoothing: 0,
  pressureSize: true,
  pressureOpacity: false,
  tip: 'round',
};
const defaults = { theme: 'system', language: 'system', exportFormat: 'png', exportMetadata: 'basic', brush };

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
  [
    '{"version":1,"brush":{"size":90,"tip":"square","opacity":"full","smoothing":null,"pressureSize":false}}',
    { ...defaults, brush: { ...brush, size: 90, tip: 'square', pressureSize: false } },
  ],
  ['{"version":1,"brush":7}', defaults],
  ['{"version":1,"exportFormat":"bmp","exportMetadata":"none"}', { ...defaults, exportMetadata: 'none' }],
])('%j is read as %j', (stored, preferences) => {
  expect(parsePreferences(stored)).toEqual(preferences);
});
