import { LockKeyhole } from 'lucide-react';
import { useJobs, useTranslate } from '../app.ts';

/** The proof that the rest is untouched: for the selected result, or alone for the one accepted last. */
export function PixelLock({ alone = false }: { readonly alone?: boolean }) {
  const t = useTranslate();
  const lock = useJobs((state) => state.pixelLock);
  if (!lock) return null;
  const kept = lock.state === 'counted' && lock.changed === 0;
  return (
    <p className={`pixel-lock ${alone ? 'panel alone' : ''} ${kept ? 'kept' : ''}`}>
      <LockKeyhole aria-hidden />
      <span data-testid="pixel-lock" data-state={lock.state}>
        {lock.state === 'counting' ? t('lock.counting') : t('lock.counted', { n: lock.changed })}
      </span>
    </p>
  );
}
