import type { Size } from './size.ts';

/** USD per million tokens. */
export interface TokenRates {
  readonly textIn: number;
  readonly imageIn: number;
  readonly imageOut: number;
  readonly textOut: number;
}

type Figures = Readonly<Partial<Record<string, number>>>;

/** What a model costs, as data: the same shape as `Pricing` of the server's contract, which explains it. */
export interface Pricing {
  readonly asOf: string;
  readonly estimate: boolean;
  readonly rates: TokenRates | null;
  readonly output:
    | { readonly kind: 'grid'; readonly cells: Figures; readonly times: Figures }
    | { readonly kind: 'tokens' | 'usd'; readonly table: Readonly<Partial<Record<string, Figures>>> };
  readonly input:
    | { readonly kind: 'patches'; readonly edge: number; readonly most: number; readonly leastEdge: number }
    | { readonly kind: 'tiles'; readonly edge: number; readonly base: number; readonly each: number }
    | null;
}

/** The part of a reply that says what was billed. */
export interface TokenUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_tokens_details?: { readonly text_tokens?: number; readonly image_tokens?: number };
  readonly output_tokens_details?: { readonly text_tokens?: number; readonly image_tokens?: number };
}

export interface PricedRequest {
  readonly mode: 'edits' | 'generations' | 'variations';
  /** The size that is asked for. */
  readonly size: Size;
  /** The quality that is really sent; null: none is. */
  readonly quality: string | null;
  /** How many pictures are made. */
  readonly n: number;
  /** Size of the picture that is sent; null: none is. */
  readonly input: Size | null;
  readonly promptChars: number;
  /** Unfinished pictures that are asked for; none by default. */
  readonly partials?: number;
}

export interface Price {
  readonly usd: number;
  /** True: the service may bill another price, for more reasons than the length of the words. */
  readonly estimate: boolean;
}

/** What each unfinished picture of a stream is billed, in tokens of output. */
const PARTIAL_TOKENS = 100;
/** The service's own words around a prompt, in tokens. A character is hardly ever more than one. */
const OWN_WORDS = 16;
/** Where a service has no variations of its own, the server describes one in about so many characters. */
const VARIATION_CHARS = 150;

/**
 * What a request will cost, rather too much than too little. null: nothing is known of this size and quality. Where
 * the service chooses the quality ('auto'), the price is that of the dearest.
 */
export function priceOf(pricing: Pricing, request: PricedRequest): Price | null {
  const { mode, size, quality, n, promptChars } = request;
  const each = outputPrice(pricing, quality, size);
  if (each === null) return null;
  const { rates } = pricing;
  const input = mode === 'generations' ? null : request.input;
  const chars = promptChars + (mode === 'variations' ? VARIATION_CHARS : 0);
  const sent = rates
    ? ((OWN_WORDS + chars) * rates.textIn + inputTokens(pricing, input) * rates.imageIn) / 1e6
    : 0;
  // How the older models cut pictures into tiles is known, but not at which fidelity they will look.
  const unsure = quality === 'auto' || (input !== null && pricing.input?.kind === 'tiles');
  const shown = priceOfPartials(pricing, request.partials ?? 0) ?? 0;
  return { usd: n * each + sent + shown, estimate: pricing.estimate || unsure };
}

/** What unfinished pictures of a stream cost beside the finished one, USD; null: the model is not billed by tokens. */
export const priceOfPartials = ({ rates }: Pricing, count: number): number | null =>
  rates && (count * PARTIAL_TOKENS * rates.imageOut) / 1e6;

/** What a reply was billed; null: the model is not billed by tokens. Tokens of unknown kind count as the dearer. */
export function costOf({ rates }: Pricing, usage: TokenUsage): number | null {
  if (!rates) return null;
  const { input_tokens_details: into, output_tokens_details: out } = usage;
  const textIn = into?.text_tokens ?? 0;
  const imageIn = into?.image_tokens ?? Math.max(0, usage.input_tokens - textIn);
  const textOut = out?.text_tokens ?? 0;
  const imageOut = out?.image_tokens ?? Math.max(0, usage.output_tokens - textOut);
  return (
    (textIn * rates.textIn + imageIn * rates.imageIn + imageOut * rates.imageOut + textOut * rates.textOut) /
    1e6
  );
}

/** USD of one made picture. */
function outputPrice({ output, rates }: Pricing, quality: string | null, size: Size): number | null {
  const known = Object.keys(output.kind === 'grid' ? output.cells : output.table);
  const wanted = quality === 'auto' ? known : [quality ?? known[0] ?? ''];
  const figures = wanted.flatMap((name) => outputFigure(output, name, size) ?? []);
  if (figures.length === 0) return null;
  const dearest = Math.max(...figures);
  if (output.kind === 'usd') return dearest;
  return rates && (dearest * rates.imageOut) / 1e6;
}

function outputFigure(output: Pricing['output'], quality: string, size: Size): number | undefined {
  if (output.kind !== 'grid') return output.table[quality]?.[`${size.width}x${size.height}`];
  const cells = output.cells[quality];
  return cells && gridTokens(cells, size) * (output.times[quality] ?? 1);
}

/** The formula of OpenAI's price calculator: `cells` along the longer edge, as many as fit along the other. */
function gridTokens(cells: number, { width, height }: Size): number {
  const across = roundHalfEven((cells * Math.min(width, height)) / Math.max(width, height));
  return Math.ceil((cells * across * (2_000_000 + width * height)) / 4_000_000);
}

function roundHalfEven(value: number): number {
  const whole = Math.floor(value);
  return value - whole === 0.5 ? whole + (whole % 2) : Math.round(value);
}

/** Tokens of the picture that is sent. */
function inputTokens({ input: rule }: Pricing, size: Size | null): number {
  if (!rule || !size) return 0;
  if (rule.kind === 'tiles') {
    const scale = rule.edge / Math.min(size.width, size.height);
    const tiles = (length: number) => Math.ceil(Math.round(length * scale) / rule.edge);
    return rule.base + rule.each * tiles(size.width) * tiles(size.height);
  }
  const up = Math.max(1, rule.leastEdge / Math.max(size.width, size.height));
  const width = Math.round(size.width * up);
  const height = Math.round(size.height * up);
  const patches = (length: number) => Math.ceil(length / rule.edge);
  if (patches(width) * patches(height) <= rule.most) return patches(width) * patches(height);
  // Scaled down to the budget, then a little more until one of the edges holds whole patches.
  const fit = Math.sqrt((rule.most * rule.edge ** 2) / (width * height));
  const whole = (length: number) => Math.floor((length * fit) / rule.edge) / ((length * fit) / rule.edge);
  const down = fit * Math.min(whole(width), whole(height));
  // Without the small addition an edge of whole patches could come out a hair below itself.
  const scaled = (length: number) => Math.floor(length * down + 1e-6);
  return patches(scaled(width)) * patches(scaled(height));
}
