// The formula that the browser shows prices by: a budget that counted differently would refuse what was promised.
import { costOf, priceOf } from '../../src/blend/price.ts';
import type { ImageUsage } from '../contract.ts';
import type { Model } from '../providers/provider.ts';
import { planSize, sentQuality } from '../providers/requestBody.ts';
import type { Order } from '../routes/order.ts';
import type { ImageFields } from '../validation/fields.ts';

/** OpenAI bills every unfinished picture of a stream as so many tokens of image output. */
const PARTIAL_TOKENS = 100;

/** What of an order its price depends on. */
export interface Priced extends Pick<Order, 'endpoint' | 'model' | 'input'> {
  readonly fields: Pick<ImageFields, 'size' | 'quality' | 'n' | 'prompt' | 'partials'>;
}

/**
 * What an order will cost in USD, rather too much than too little; null: no price is known. What is really sent
 * counts: the size that is asked for in place of the wanted one, and the quality that is named where none was chosen.
 * Pictures beside the first are not counted before the bill says so.
 */
export function estimateUsd({ endpoint, model, fields, input }: Priced): number | null {
  const { pricing } = model;
  if (pricing === null) return null;
  const price = priceOf(pricing, {
    mode: endpoint,
    size: planSize(model, fields.size, input).ask,
    quality: sentQuality(model, fields.quality),
    n: fields.n,
    input,
    promptChars: fields.prompt.length,
  });
  if (price === null) return null;
  const partials = pricing.rates ? (fields.partials * PARTIAL_TOKENS * pricing.rates.imageOut) / 1e6 : 0;
  return price.usd + fields.n * partials;
}

/** What the service billed in USD; null: it did not say, or bills otherwise than by tokens. */
export function costUsd({ pricing }: Model, usage: ImageUsage | null): number | null {
  return pricing && usage ? costOf(pricing, usage) : null;
}
