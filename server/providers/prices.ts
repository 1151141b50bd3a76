import type { Pricing, TokenRates } from '../contract.ts';

/** What OpenAI's image models cost in USD, from its pricing pages and its calculator. */

const asOf = '2026-11-22';
const ONE_TO_ONE = '1024x1024';
const TALL = '1024x1536';
const WIDE = '1536x1024';

const GRID_RATES: TokenRates = { textIn: 5, imageIn: 8, imageOut: 30, textOut: 30 };
const PATCHES: Pricing['input'] = { kind: 'patches', edge: 32, most: 1536, leastEdge: 1024 };
/** At the fidelity that is asked for when nothing is said; a high one costs more. */
const TILES: Pricing['input'] = { kind: 'tiles', edge: 512, base: 65, each: 129 };

const CELLS_2_5 = { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 };

const grid = (cells: Record<string, number>, times: Record<string, number>, estimate: boolean): Pricing => ({
  asOf,
  estimate,
  rates: GRID_RATES,
  output: { kind: 'grid', cells, times },
  input: PATCHES,
});

/** By generation. That of 2.6 is not published: measurements found its two cheapest steps 3 to 4 times dearer. */
export const GRID = {
  '2': grid({ low: 16, medium: 48, high: 96 }, {}, false),
  '2.5': grid(CELLS_2_5, {}, false),
  '2.6': grid(CELLS_2_5, { low: 4, medium: 4 }, true),
} as const;

const fixedTokens = (rates: TokenRates): Pricing => ({
  asOf,
  estimate: false,
  rates,
  output: {
    kind: 'tokens',
    table: {
      low: { [ONE_TO_ONE]: 272, [TALL]: 408, [WIDE]: 400 },
      medium: { [ONE_TO_ONE]: 1056, [TALL]: 1584, [WIDE]: 1568 },
      high: { [ONE_TO_ONE]: 4160, [TALL]: 6240, [WIDE]: 6208 },
    },
  },
  input: TILES,
});

export const FIXED = {
  '1': fixedTokens({ textIn: 5, imageIn: 10, imageOut: 40, textOut: 40 }),
  '1.5': fixedTokens({ textIn: 5, imageIn: 8, imageOut: 32, textOut: 10 }),
  // Its published prices per picture are higher than its tokens would cost; the higher ones are taken.
  '1-mini': {
    asOf,
    estimate: true,
    rates: { textIn: 2, imageIn: 2.5, imageOut: 8, textOut: 8 },
    output: {
      kind: 'usd',
      table: {
        low: { [ONE_TO_ONE]: 0.005, [TALL]: 0.006, [WIDE]: 0.006 },
        medium: { [ONE_TO_ONE]: 0.011, [TALL]: 0.015, [WIDE]: 0.015 },
        high: { [ONE_TO_ONE]: 0.036, [TALL]: 0.052, [WIDE]: 0.052 },
      },
    },
    input: TILES,
  },
} as const satisfies Record<string, Pricing>;

const flat = (output: Extract<Pricing['output'], { kind: 'usd' | 'tokens' }>): Pricing => ({
  asOf,
  estimate: false,
  rates: null,
  output,
  input: null,
});

export const FLAT = {
  'dall-e-3': flat({
    kind: 'usd',
    table: {
      standard: { [ONE_TO_ONE]: 0.04, '1792x1024': 0.08, '1024x1792': 0.08 },
      hd: { [ONE_TO_ONE]: 0.08, '1792x1024': 0.12, '1024x1792': 0.12 },
    },
  }),
  'dall-e-2': flat({
    kind: 'usd',
    table: { standard: { '256x256': 0.016, '512x512': 0.018, [ONE_TO_ONE]: 0.02 } },
  }),
} as const;
