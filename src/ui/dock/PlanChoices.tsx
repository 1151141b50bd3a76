import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ModelCapabilities } from '../../../server/contract.ts';
import { type EditChoice, editChoices, priceOfParts } from '../../jobs/editPlan.ts';
import { partialsOf } from '../../jobs/request.ts';
import { useApp, useEditor, useLanguage, useSession, useTranslate } from '../app.ts';
import type { Translate } from '../messages/translate.ts';
import { planText } from './planText.ts';
import { useMoney, useQuote } from './useQuote.ts';

const keyOf = ({ wishes }: EditChoice) => (wishes.split ? 'split' : wishes.wish);

interface ChoicesProps {
  readonly model: ModelCapabilities;
  /** The rectangle is drawn on the canvas, which has to be seen. */
  readonly onDraw: () => void;
}

/** One of a few; fetched when the menu is first opened. */
export default function PlanChoices({ model, onDraw }: ChoicesProps) {
  const { session } = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const money = useMoney();
  const quoted = useQuote();
  const ask = useSession((state) => state.ask);
  const document = useEditor((state) => state.document);
  const wish = useSession((state) => state.wish);
  const split = useSession((state) => state.split);
  const drawn = useSession((state) => state.planRect);
  const choices = useMemo(() => (document ? editChoices(document, model) : []), [document, model]);

  /** Begins with what would be sent by itself. */
  function draw() {
    const [part] = quoted?.plan?.parts ?? [];
    if (part) session.setPlanRect(part.plan.rect);
    session.setTool('plan');
    onDraw();
  }

  const unfinished = useStore(useApp().preferences.store, (state) => state.unfinished);
  const chosen = drawn ? null : split ? 'split' : wish;
  const n = Math.min(ask.count, model.maxResults);
  return (
    <>
      <p className="popover-heading">{t('plan.choose')}</p>
      <div role="radiogroup" aria-label={t('plan.choose')} className="plan-choices">
        {choices.map((choice) => {
          const price = priceOfParts(choice.parts, ask, model, n, partialsOf(model, n, unfinished) ?? 0);
          const key = keyOf(choice);
          const name =
            key === 'split' ? t('plan.split', { n: choice.parts.length }) : t(`plan.${choice.wishes.wish}`);
          return (
            <label key={key} className="plan-choice" data-testid={`plan-${key}`}>
              <input
                type="radio"
                name="plan"
                checked={chosen === key}
                onChange={() => session.setWish(choice.wishes.wish, choice.wishes.split)}
              />
              <span className="plan-name">
                {name}
                <span className="plan-sharper">{sharperText(t, language, choice.sharpness)}</span>
              </span>
              <span className="plan-facts">
                {planText(t, language, { parts: choice.parts, steps: [] })}
                {price && <span className="plan-price">{money(price)}</span>}
              </span>
            </label>
          );
        })}
        <label className="plan-choice" data-testid="plan-drawn">
          <input type="radio" name="plan" checked={drawn !== null} onChange={draw} />
          <span className="plan-name">{t('plan.drawn')}</span>
          <span className="plan-facts">{t('plan.drawn.how')}</span>
        </label>
      </div>
      {model.pricing && <p className="field-note">{t('plan.asOf', { date: model.pricing.asOf })}</p>}
    </>
  );
}

function sharperText(t: Translate, language: string, sharpness: number): string {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  if (sharpness >= 1.05) return t('plan.sharper', { times: number.format(sharpness) });
  return sharpness <= 0.95 ? t('plan.coarser', { times: number.format(1 / sharpness) }) : '';
}
