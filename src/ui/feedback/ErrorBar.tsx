import { CircleAlert, RotateCcw, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { JobError } from '../../jobs/job.ts';
import { downloadPicture } from '../actions/exportPicture.ts';
import { LOGIN } from '../actions/login.ts';
import { retry } from '../actions/run.ts';
import { useApp, useJobs, useLanguage, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import type { UiError } from '../state/ui.ts';
import { detailKey, errorKeys } from './errorText.ts';
import './feedback.css';

/** From so many seconds on a time of day says more than a countdown. */
const LONG = 120;

/** Seconds until `retryAt` (Unix ms), counting down; 0 when it has come. */
function useSecondsUntil(retryAt: number | null): number {
  const [now, setNow] = useState(Date.now);
  const left = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));
  const counting = left > 0;
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counting]);
  return left;
}

interface DetailsProps {
  readonly error: JobError;
  /** Until a repeat makes sense. */
  readonly seconds: number;
}

function JobErrorDetails({ error, seconds }: DetailsProps) {
  const t = useTranslate();
  const language = useLanguage();
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const { stage = null, categories = [] } = error.moderation ?? {};
  return (
    <>
      {(stage === 'input' || stage === 'output') && <p>{t(`error.stage.${stage}`)}</p>}
      {categories.length > 0 && <p>{t('error.categories', { categories: categories.join(', ') })}</p>}
      {error.retryAt !== null && (
        <p data-testid="retry-when">
          {seconds > LONG
            ? t('error.retryAt', { time: time.format(error.retryAt) })
            : seconds > 0
              ? t('error.retryIn', { n: seconds })
              : t('error.retryNow')}
        </p>
      )}
      {error.maybeBilled && <p>{t('error.billed')}</p>}
    </>
  );
}

/** A job's error, with the way to send the same request again; nothing does so by itself. */
function OfJob({ error, children }: { readonly error: JobError; readonly children: ReactNode }) {
  const app = useApp();
  const t = useTranslate();
  const seconds = useSecondsUntil(error.retryAt);
  return (
    <>
      <JobErrorDetails error={error} seconds={seconds} />
      {children}
      {error.repeatable && (
        <Button
          icon={RotateCcw}
          look="outline"
          className="error-way-out"
          label={t(error.maybeBilled ? 'error.retry.billed' : 'error.retry')}
          disabled={seconds > 0}
          data-testid="retry"
          onClick={() => retry(app)}
        />
      )}
    </>
  );
}

/** The page with the passcode; what is open is stored and comes back after it. */
function LoginLink() {
  const t = useTranslate();
  return (
    <a className="button outline error-way-out" href={LOGIN} data-testid="login">
      {t('login.open')}
    </a>
  );
}

/** What helps where our own encoder can and the browser's can't. */
function SaveAsPng() {
  const app = useApp();
  const t = useTranslate();
  return (
    <Button
      look="outline"
      label={t('error.unwritable.png')}
      data-testid="save-as-png"
      onClick={() => {
        app.ui.dismissError();
        void downloadPicture(app, 'png');
      }}
    />
  );
}

interface BarProps {
  readonly error: UiError | JobError;
  readonly onDismiss: () => void;
}

function Bar({ error, onDismiss }: BarProps) {
  const t = useTranslate();
  const { title, help } = errorKeys(error.code);
  const ofJob = 'retryAt' in error;
  const words = detailKey(error.code, ofJob);
  const said = words && error.detail && <p className="error-detail">{t(words, { detail: error.detail })}</p>;
  return (
    <section className="error-bar panel" role="alert" data-testid="error" data-code={error.code}>
      <CircleAlert aria-hidden />
      <div>
        <h2>{t(title)}</h2>
        <p>{t(help)}</p>
        {ofJob ? <OfJob error={error}>{said}</OfJob> : said}
        {error.code === 'access_required' && <LoginLink />}
        {error.code === 'unwritable' && <SaveAsPng />}
      </div>
      <Button icon={X} label={t('error.dismiss')} onClick={onDismiss} />
    </section>
  );
}

/** The error that needs attention now: one at a time, the interface's own first. Blocks nothing. */
export function ErrorBar() {
  const { ui, jobs } = useApp();
  const own = useUi((state) => state.error);
  const ofJob = useJobs((state) => state.error);
  if (own) return <Bar error={own} onDismiss={ui.dismissError} />;
  if (ofJob && ofJob.code !== 'cancelled') return <Bar error={ofJob} onDismiss={jobs.dismissError} />;
  return null;
}
