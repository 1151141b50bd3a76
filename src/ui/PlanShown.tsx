import { useEffect } from 'react';
import { sameRect } from '../geometry/rect.ts';
import { waitingGroups } from '../jobs/staging.ts';
import { useApp, useEditor, useJobs, useLanguage, useSession, useTranslate } from './app.ts';
import { planText } from './dock/planText.ts';
import { useMoney, useQuote } from './dock/useQuote.ts';

/**
 * Shows on the canvas what an edit will send, as long as it is a part of the picture or drawn by hand, and nothing waits
 * or runs. A component of its own, because it renders after each stroke and nothing else should.
 */
export function PlanShown() {
  const { session } = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const money = useMoney();
  const quote = useQuote();
  const frame = useEditor((state) => state.document?.frame ?? null);
  const documentId = useEditor((state) => state.document?.id ?? null);
  const document = useEditor((state) => state.document);
  const busy = useJobs(
    (state) => state.running.length > 0 || waitingGroups(state.groups, document).length > 0,
  );
  const plan = quote?.plan;
  const [part] = plan?.parts ?? [];
  const rect = part?.plan.rect ?? null;
  const drawn = useSession((state) => state.planRect !== null);
  const isPart = drawn || (rect && frame && !sameRect(rect, frame));
  const shown = plan?.masked && isPart && !busy ? rect : null;
  const label =
    plan && [planText(t, language, plan), ...(quote.price ? [money(quote.price)] : [])].join(' · ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was wished for belongs to the picture that was open
  useEffect(() => session.setWish('automatic', false), [session, documentId]);

  useEffect(() => {
    session.setPlan(shown && label ? { rect: shown, label } : null);
  }, [session, shown, label]);

  return null;
}
