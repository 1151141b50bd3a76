import { useEffect, useState } from 'react';
import type { Job } from '../../jobs/job.ts';
import { useTranslate } from '../app.ts';
import type { Translate } from '../messages/translate.ts';

/** Whole seconds as "1:05". */
const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function phaseOf(t: Translate, { lost, glimpse, phase }: Job): string {
  if (lost) return t('job.lost');
  if (!glimpse || phase !== 'waiting') return t(`job.${phase}`);
  return t('job.glimpse', { k: glimpse.k, of: Math.max(glimpse.k, glimpse.of) });
}

/** What the job does, and for how long already. How far it is only some know; nothing else pretends to. */
export function JobProgress({ job }: { readonly job: Job }) {
  const t = useTranslate();
  const [now, setNow] = useState(job.startedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - job.startedAt) / 1000));
  const phase = phaseOf(t, job);
  const done = job.progress === null ? null : `${Math.round(job.progress * 100)}%`;
  return (
    <div className="job" role="progressbar" aria-label={phase} aria-valuetext={done ?? phase}>
      <span>
        {job.step
          ? t('job.step', { ...job.step, phase, time: clock(seconds) })
          : t('job.elapsed', { phase, time: clock(seconds) })}
      </span>
      <span className="job-bar">
        <span style={done ? { width: done, animation: 'none' } : undefined} />
      </span>
    </div>
  );
}
