import { Crop } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelCapabilities } from '../../../server/contract.ts';
import { type EditChoice, type EditPlan, editChoices, priceOfParts } from '../../jobs/editPlan.ts';
import { partialsOf } from '../../jobs/request.ts';
import { modelOf } from '../actions/run.ts';
import { useApp, useEditor, useLanguage, useSession, useTranslate, useUi } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import type { Translate } from '../messages/translate.ts';
import { useMoney, useQuote } from './useQuote.ts';

/** What a plan sends, in a few words: "1024 × 1024 px", "3 parts, one by one", "5 steps, one after the other". */
export function planText(
  t: Translate,
  language: string,
  { parts, steps }: Pick<EditPlan, 'parts' | 'steps'>,
): string {
  if (steps.length > 1) return t('plan.steps', { n: steps.length });
  if (parts.length > 1) return t('plan.parts', { n: parts.length });
  const [part] = parts;
  if (!part) return '';
  const { sent, scale } = part.plan;
  // Without grouping: 1536, not 1,536.
  const size = { width: String(sent.width), height: String(sent.height) };
  if (Math.abs(scale - 1) < 0.005) return t('plan.sends', size);
  const percent = new Intl.NumberFormat(language, { style: 'percent' }).format(scale);
  return t('plan.scaled', { ...size, percent });
}

/** What of the picture an edit sends, and what else could be sent. */
export function PlanMenu() {
  const t = useTranslate();
  const language = useLanguage();
  const quote = useQuote();
  const model = useModel();
  const [open, setOpen] = useState(false);
  if (!quote?.plan?.masked) return null;
  const summary = planText(t, language, quote.plan);
  const face = (
    <>
      <Crop aria-hidden />
      <span>{summary}</span>
    </>
  );
  // The frame decides what an extension sends, and what only copies gains nothing by another crop.
  if (!model?.promptedEdits || quote.plan.uncovered.tiles.size > 0) {
    return (
      <p className="plan-face" title={`${t('plan.choose')}: ${summary}`} data-testid="plan">
        {face}
      </p>
    );
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="plan"
      side="top"
      label={t('plan.choose')}
      trigger={
        <button
          type="button"
          className="button plain plan-face"
          aria-label={`${t('plan.choose')}: ${summary}`}
          data-testid="plan"
        >
          {face}
        </button>
      }
    >
      <Choices model={model} onDraw={() => setOpen(false)} />
    </Popover>
  );
}

const keyOf = ({ wishes }: EditChoice) => (wishes.split ? 'split' : wishes.wish);

function useModel(): ModelCapabilities | null {
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  return modelOf(service, ask);
}

interface ChoicesProps {
  readonly model: ModelCapabilities;
  /** The rectangle is drawn on the canvas, which has to be seen. */
  readonly onDraw: () => void;
}

/** One of a few. */
function Choices({ model, onDraw }: ChoicesProps) {
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
