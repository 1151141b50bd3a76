import { LoaderCircle, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import type { ProbeReport } from '../../../server/contract.ts';
import { ApiError } from '../../api/apiError.ts';
import type { ProbeQuote } from '../../api/requests.ts';
import { findService } from '../actions/service.ts';
import { useApp, useLanguage, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { useMoney } from '../dock/useQuote.ts';
import { errorKeys } from '../feedback/errorText.ts';
import { serviceName } from '../services.ts';
import { returnFocus } from './Question.tsx';
import './dialogs.css';

type State =
  | { readonly kind: 'quoting' | 'asking' }
  | { readonly kind: 'quoted'; readonly quote: ProbeQuote }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly detail: string;
      readonly maybeBilled: boolean;
    };

interface ProbeDialogProps {
  readonly service: string;
  readonly model: string;
}

/** Learns from a running service, with tiny pictures, what it makes of a mask; says before what that takes. */
export default function ProbeDialog({ service, model }: ProbeDialogProps) {
  const app = useApp();
  const t = useTranslate();
  const money = useMoney();
  const known = useUi((state) =>
    state.service.state === 'ready'
      ? state.service.capabilities.services.find(({ id }) => id === service)
      : undefined,
  );
  const [state, setState] = useState<State>({ kind: 'quoting' });
  const [report, setReport] = useState<ProbeReport | null>(known?.probe ?? null);
  const ending = useRef(new AbortController());

  async function work(task: (signal: AbortSignal) => Promise<void>) {
    const { signal } = ending.current;
    try {
      await task(signal);
    } catch (error) {
      if (signal.aborted) return;
      const { code, detail, maybeBilled } =
        error instanceof ApiError ? error : { code: 'unknown', detail: String(error), maybeBilled: true };
      setState({ kind: 'failed', code, detail, maybeBilled });
    }
  }

  const quote = () =>
    work(async (signal) =>
      setState({ kind: 'quoted', quote: await app.client.probeQuote(signal, service, model) }),
    );

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it is opened
  useEffect(() => {
    const controller = new AbortController();
    ending.current = controller;
    void quote();
    return () => controller.abort();
  }, []);

  const ask = () => {
    if (state.kind !== 'quoted') return;
    setState({ kind: 'asking' });
    void work(async (signal) => {
      setReport(await app.client.probe(signal, service, model));
      void findService(app, new AbortController().signal);
      await quote();
    });
  };

  const close = () => app.ui.setDialog(null);
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog probe" onCloseAutoFocus={returnFocus} data-testid="probe">
          <div className="dialog-head">
            <Dialog.Title>
              {t('probe.title', { service: known ? serviceName(t, known) : service })}
            </Dialog.Title>
            <Dialog.Close asChild>
              <Button icon={X} label={t('help.close')} tooltip={false} />
            </Dialog.Close>
          </div>
          <Dialog.Description>{t('probe.text', { model })}</Dialog.Description>
          {report && <Report report={report} />}
          <div role="status" className="probe-state" data-state={state.kind}>
            {(state.kind === 'quoting' || state.kind === 'asking') && (
              <p>
                <LoaderCircle className="spinner" aria-hidden />
                {t(`probe.${state.kind}`)}
              </p>
            )}
            {state.kind === 'quoted' && (
              <p>
                {state.quote.usd === null
                  ? t('probe.quote.unpriced', { n: state.quote.requests })
                  : t('probe.quote', {
                      n: state.quote.requests,
                      price: money({ usd: state.quote.usd, estimate: true }),
                    })}
              </p>
            )}
            {state.kind === 'failed' && (
              <>
                <p className="probe-failed" data-code={state.code}>
                  {t(errorKeys(state.code).title)}
                </p>
                {state.detail && <p>{t('error.detail', { detail: state.detail })}</p>}
                {state.maybeBilled && <p>{t('error.billed')}</p>}
              </>
            )}
          </div>
          <div className="dialog-buttons">
            <Button look="outline" label={t('probe.close')} onClick={close} />
            <Button
              look="primary"
              label={t('probe.ask')}
              // Disabled it would keep the focus and swallow Escape.
              aria-disabled={state.kind !== 'quoted'}
              data-testid="probe-ask"
              onClick={ask}
            />
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Report({ report }: { readonly report: ProbeReport }) {
  const t = useTranslate();
  const language = useLanguage();
  const at = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const yes = (value: boolean) => t(value ? 'probe.yes' : 'probe.no');
  return (
    <dl className="probe-report" data-testid="probe-report">
      <dt>{t('probe.mask')}</dt>
      <dd>{t(`mask.use.${report.mask}`)}</dd>
      <dt>{t('probe.sizes')}</dt>
      <dd>{report.sizes.length > 0 ? report.sizes.join(', ').replaceAll('x', ' × ') : t('probe.none')}</dd>
      <dt>{t('probe.streaming')}</dt>
      <dd>{yes(report.streaming)}</dd>
      <dt>{t('probe.variations')}</dt>
      <dd>{yes(report.variations)}</dd>
      <dt>{t('probe.at')}</dt>
      <dd>
        {at.format(new Date(report.at))}, {report.model}
      </dd>
    </dl>
  );
}
