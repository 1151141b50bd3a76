import { costOf, type Price } from '../blend/price.ts';
import type { Ask } from '../editor/session.ts';
import { RefusedAsk, toJobError } from './errors.ts';
import type { Answer, ServiceTraits } from './ports.ts';
import type { Spending } from './spending.ts';
import { isFree, modelOf } from './traits.ts';

const refusals = {
  'over-request': 'over_request_limit',
  'over-day': 'over_day_limit',
  'unknown-price': 'price_unknown',
} as const;

/**
 * Sends requests within the user's limits: the estimate is held from before a request until its bill is known, and
 * given back when it was refused before anything was made. What the embedded engine does costs nothing.
 */
export function createBilling(spending: Spending, traits: ServiceTraits, ask: Ask, now: () => number) {
  const pricing = modelOf(traits, ask)?.pricing ?? null;
  const free = isFree(traits, ask);

  return async (price: Price | null, send: () => Promise<Answer>): Promise<Answer> => {
    if (free) return send();
    const verdict = spending.check(price?.usd ?? null);
    if (verdict !== 'ok') throw new RefusedAsk(refusals[verdict], price ? `$${price.usd.toFixed(3)}` : '');
    const held = price && spending.reserve(price.usd);
    try {
      const answer = await send();
      held?.settle(answer.usage && pricing && costOf(pricing, answer.usage));
      return answer;
    } catch (error) {
      const { code, maybeBilled } = toJobError(error, now());
      // An abort reaches the service too late as often as not.
      if (maybeBilled || code === 'cancelled') held?.settle(null);
      else held?.release();
      throw error;
    }
  };
}
