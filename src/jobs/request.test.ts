import { expect, test } from 'vitest';
import type { Capabilities, ModelCapabilities, SizeRule } from '../../server/contract.ts';
import { newDocument, setMask } from '../editor/document.ts';
import { type Ask, initialAsk } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { NO_WISHES } from './editPlan.ts';
import { type Request, requestFor } from './request.ts';

const squares: SizeRule = { kind: 'fixed', values: ['auto', '256x256', '512x512'] };
const free: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  wholeUpTo: 67_108_864,
};

function request(ask: Partial<Ask>, model: Partial<ModelCapabilities>, width = 300, height = 200): Request {
  const full: ModelCapabilities = {
    id: 'm',
    service: 'openai',
    status: 'active',
    shutdown: null,
    endpoints: ['generations', 'edits', 'variations'],
    sizes: free,
    qualities: [],
    defaultQuality: null,
    maxResults: 10,
    promptMaxChars: 1000,
    input: null,
    outputFormats: ['png'],
    responseFormat: false,
    maskGrow: 4,
    promptedEdits: true,
    settings: null,
    markup: false,
    maxPartials: null,
    seed: false,
    pricing: null,
    ...model,
  };
  const limits = { maxUploadBytes: 1, maxPixels: 1, maxEdge: 1 };
  const capabilities: Capabilities = {
    services: [{ id: 'openai', kind: 'openai', host: null, profile: null, mask: 'guidance', probe: null }],
    defaultModel: 'm',
    models: [full],
    limits,
  };
  const document = newDocument({ id: 'd', name: 'd', picture: { id: 'p', width, height } });
  return requestFor(
    {
      ask: { ...initialAsk, prompt: 'x', ...ask },
      document: setMask(fillMask(pixelRect(10, 10, 20, 20)))(document),
      wishes: NO_WISHES,
      seed: 7,
      unfinished: false,
    },
    capabilities,
  );
}

const fieldsOf = (of: Request) => (of.mode === 'edit' ? of.parts[0]!.fields : of.fields);

test.each([
  ['auto', free, '1024x1024'],
  ['1536x1024', free, '1536x1024'],
  ['100x100', free, '1024x1024'],
  ['auto', squares, '512x512'],
  ['256x256', squares, '256x256'],
])('generate with size %s', (size, sizes, sent) => {
  expect(fieldsOf(request({ mode: 'generate', size }, { sizes })).size).toBe(sent);
});

test('fields that the model does not take are left out', () => {
  const fields = fieldsOf(request({ mode: 'generate', quality: 'high' }, {}));
  expect(Object.keys(fields).sort()).toEqual(['model', 'n', 'size']);
});

test('an edit takes its size from the crop plan, whatever was chosen for generating', () => {
  const edit = request({ size: '512x512' }, { sizes: squares });
  expect(fieldsOf(edit).size).toBe('256x256');
  expect(edit).toMatchObject({
    plan: { masked: true },
    parts: [{ plan: { sent: { width: 256, height: 256 } } }],
  });
});

test('a variation may take the chosen size', () => {
  expect(fieldsOf(request({ mode: 'variations', size: '256x256' }, { sizes: squares })).size).toBe('256x256');
});

test('a mode that the model lacks is refused', () => {
  expect(() => request({ mode: 'edit' }, { endpoints: ['generations'] })).toThrowError(
    expect.objectContaining({ code: 'unsupported_endpoint' }),
  );
});

test('an edit needs no words where they are not read', () => {
  expect(() => request({ prompt: '  ' }, { promptedEdits: true })).toThrow();
  const { mode, ...edit } = request({ prompt: '  ' }, { promptedEdits: false });
  expect(mode).toBe('edit');
  expect(edit).toMatchObject({ prompt: expect.stringMatching(/\S/) });
});
