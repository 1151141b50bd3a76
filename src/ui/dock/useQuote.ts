import { useDeferredValue, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Price } from '../../blend/price.ts';
import { type Quote, quoteFor } from '../../jobs/request.ts';
import { modelOf } from '../actions/run.ts';
import { useApp, useEditor, useLanguage, useSession, useTranslate, useUi } from '../app.ts';

/** What a click on Run would send and cost; null while no engine answers or the picture is missing. */
export function useQuote(): Quote | null {
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  const wish = useSession((state) => state.wish);
  const split = useSession((state) => state.split);
  const rect = useSession((state) => state.planRect);
  // Planning a large extension takes some 30 ms: what was changed is drawn before.
  const document = useDeferredValue(useEditor((state) => state.document));
  const unfinished = useStore(useApp().preferences.store, (state) => state.unfinished);
  const model = modelOf(service, ask);
  return useMemo(
    () => model && quoteOnce({ ask, document, wishes: { wish, split, rect }, unfinished }, model),
    [model, ask, document, wish, split, rect, unfinished],
  );
}

let last: { readonly of: readonly unknown[]; readonly quote: Quote | null } | null = null;

/** Several parts of the page ask for the same quote: it is made once. The words don't count. */
const quoteOnce: typeof quoteFor = (asked, model) => {
  const { ask, document, wishes, unfinished } = asked;
  const { prompt: _, ...rest } = ask;
  const of = [model, document, unfinished, ...Object.values(rest), ...Object.values(wishes)];
  if (!last?.of.every((value, i) => value === of[i])) last = { of, quote: quoteFor(asked, model) };
  return last.quote;
};

/** "$0.053", or "about $0.053" for an estimate. Fractions of a cent are shown where they matter. */
export function useMoney(): (price: Price) => string {
  const t = useTranslate();
  const language = useLanguage();
  return ({ usd, estimate }) => {
    const most = usd < 0.1 ? 3 : 2;
    const format = { style: 'currency', currency: 'USD', maximumFractionDigits: most } as const;
    const price = new Intl.NumberFormat(language, format).format(usd);
    return estimate ? t('plan.estimate', { price }) : price;
  };
}
