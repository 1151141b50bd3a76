import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import type { AskMode } from '../../editor/session.ts';
import type { EditPlan } from '../../jobs/editPlan.ts';
import { waitingGroups } from '../../jobs/staging.ts';
import { cancelJobs, modelOf, run, runBlocker, serviceOf } from '../actions/run.ts';
import { useApp, useEditor, useJobs, useSession, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { useLow, useNarrow } from '../controls/useNarrow.ts';
import type { Translate } from '../messages/translate.ts';
import { EngineStatus } from '../topbar/EngineStatus.tsx';
import { DockSettings } from './DockSettings.tsx';
import { JobProgress } from './JobProgress.tsx';
import { PlanMenu } from './PlanMenu.tsx';
import { PromptField } from './PromptField.tsx';
import { useMoney, useQuote } from './useQuote.ts';
import './dock.css';

const modes: readonly AskMode[] = ['edit', 'generate', 'variations'];

function RunButton() {
  const app = useApp();
  const t = useTranslate();
  const money = useMoney();
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  const document = useEditor((state) => state.document);
  const quote = useQuote();
  const blocker = runBlocker(service, ask, document);
  const most = modelOf(service, ask)?.maxResults ?? ask.count;
  const n = Math.min(ask.count, most);
  const label = runLabel(t, ask.mode, quote?.plan ?? null, n);
  return (
    <Button
      look="primary"
      label={quote?.price ? `${label} · ${money(quote.price)}` : label}
      keys="Mod+Enter"
      disabled={blocker !== null}
      title={blocker ? t(blocker) : undefined}
      data-testid="run"
      onClick={() => run(app)}
    />
  );
}

function runLabel(t: Translate, mode: AskMode, plan: EditPlan | null, n: number): string {
  if (mode !== 'edit') return t(`run.${mode}`, { n });
  if (plan && !plan.masked) return t('run.edit.whole');
  if (plan && plan.steps.length > 1) return t('run.extendInSteps', { n: plan.steps.length });
  if (plan && plan.uncovered.tiles.size > 0) return t('run.extend');
  return t('run.edit');
}

/** What the embedded engine really does in this mode; nothing for an image service. */
function Honesty() {
  const t = useTranslate();
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  const plan = useQuote()?.plan;
  const answering = serviceOf(service, ask);
  if (answering?.kind !== 'embedded') return null;
  return <p className="dock-note">{honestWords(t, ask.mode, plan ?? null, answering.editModel)}</p>;
}

function honestWords(
  t: Translate,
  mode: AskMode,
  plan: EditPlan | null,
  editModel: string | undefined,
): string {
  if (mode !== 'edit') return t(`offline.${mode}`);
  if (plan && !plan.masked) return t('offline.edit.whole');
  if (editModel !== undefined) return t('offline.edit.model', { name: editModel });
  return t(plan && plan.uncovered.tiles.size > 0 ? 'offline.extend' : 'offline.edit');
}

/** The request: what to do, in which words, how many times. While a job runs, its progress. */
export function PromptDock() {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const low = useLow();
  const document = useEditor((state) => state.document);
  const hasResults = useJobs((state) => waitingGroups(state.groups, document).length > 0);
  const mode = useSession((state) => state.ask.mode);
  const job = useJobs((state) => state.running.at(-1));
  // In a small window results get the room, in a low one the picture or the ways to open one do, until the user decides otherwise.
  const fromText = mode === 'generate' && document === null;
  const situation = hasResults ? 'results' : low && !fromText ? 'low' : 'roomy';
  const [choice, setChoice] = useState<{ readonly situation: string; readonly folded: boolean } | null>(null);
  const byItself = situation === 'results' ? job === undefined : situation === 'low';
  const collapsed = narrow && (choice?.situation === situation ? choice.folded : byItself);
  return (
    <section className="dock panel" aria-label={t('dock')}>
      {narrow && (
        <div className="dock-head">
          <EngineStatus />
          <Button
            icon={collapsed ? ChevronUp : ChevronDown}
            label={t(collapsed ? 'dock.expand' : 'dock.collapse')}
            aria-expanded={!collapsed}
            onClick={() => setChoice({ situation, folded: !collapsed })}
          />
        </div>
      )}
      <div className="dock-body" hidden={collapsed}>
        <PromptField />
        {(narrow || !hasResults) && <Honesty />}
        <div className="dock-row">
          <Segmented
            label={t('mode')}
            value={mode}
            onChange={(next) => app.session.setAsk({ mode: next })}
            options={modes.map((value) => ({
              value,
              label: t(`mode.${value}`),
              'data-testid': `mode-${value}`,
            }))}
          />
          <DockSettings />
          {!job && <PlanMenu />}
          <span className="dock-gap" />
          {job ? (
            <>
              <JobProgress job={job} />
              <Button
                look="outline"
                label={t('cancel')}
                data-testid="cancel"
                onClick={() => cancelJobs(app)}
              />
            </>
          ) : (
            <RunButton />
          )}
        </div>
      </div>
    </section>
  );
}
