import { Crop } from 'lucide-react';
import { useState } from 'react';
import type { ModelCapabilities } from '../../../server/contract.ts';
import { modelOf } from '../actions/run.ts';
import { useLanguage, useSession, useTranslate, useUi } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import { fetched } from '../fetched.tsx';
import { planText } from './planText.ts';
import { useQuote } from './useQuote.ts';

const PlanChoices = fetched(() => import('./PlanChoices.tsx'));

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
      <PlanChoices model={model} onDraw={() => setOpen(false)} />
    </Popover>
  );
}

function useModel(): ModelCapabilities | null {
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  return modelOf(service, ask);
}
