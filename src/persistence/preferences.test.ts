import { expect, test } from 'vitest';
import { defaultView } from '../editor/viewOptions.ts';
import { parsePreferences } from './preferences.ts';

const { tint } = defaultView;
const brush = {
  size: 60,
  hardness: 1,
  opacity: 1,
  smoothing: 0,
  pressureSize: true,
  pressureOpacity: false,
  tip: 'round',
};
const defaults = {
  theme: 'system',
  language: 'system',
  exportFormat: 'png',
  exportMetadata: 'basic',
  historyBudget: '256',
  unfinished: false,
  view: defaultView,
  brush,
};

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
  ['{"version":1,"historyBudget":"64"}', { ...defaults, historyBudget: '64' }],
  ['{"version":1,"historyBudget":7}', defaults],
  ['{"version":1,"exportFormat":"bmp","exportMetadata":"none"}', { ...defaults, exportMetadata: 'none' }],
  ['{"version":1,"view":7}', defaults],
  [
    '{"version":1,"view":{"maskLook":"outline","pixelGrid":false}}',
    { ...defaults, view: { maskLook: 'outline', pixelGrid: false, tint } },
  ],
  [
    '{"version":1,"view":{"maskLook":"x","tint":{"colour":"#00ff7f","pattern":"dots","opacity":0.25}}}',
    { ...defaults, view: { ...defaultView, tint: { colour: '#00ff7f', pattern: 'dots', opacity: 0.25 } } },
  ],
  [
    '{"version":1,"view":{"maskLook":"tint","tint":{"colour":"red","pattern":[],"opacity":0}}}',
    { ...defaults, view: { ...defaultView, maskLook: 'tint' } },
  ],
])('%j is read as %j', (stored, preferences) => {
  expect(parsePreferences(stored)).toEqual(preferences);
});
