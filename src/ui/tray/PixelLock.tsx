import { LockKeyhole } from 'lucide-react';
import { focusStage } from '../actions/focus.ts';
import { clearMask } from '../actions/mask.ts';
import { useApp, useEditor, useJobs, useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';

/** After Accept the mask stays, so that painting goes on from it; this is for everybody else. */
function ClearMask() {
  const app = useApp();
  const t = useTranslate();
  const hasMask = useEditor((state) => (state.document?.mask.tiles.size ?? 0) > 0);
  const erasing = useSession((state) => state.layerId !== null);
  if (!hasMask || erasing) return null;
  return (
    <Button
      look="plain"
      label={t('mask.clear')}
      hint={t('mask.stays')}
      keys="Delete"
      onClick={() => {
        clearMask(app);
        focusStage();
      }}
    />
  );
}

/** The proof that the rest is untouched: for the selected result, or alone for the one accepted last. */
export function PixelLock({ alone = false }: { readonly alone?: boolean }) {
  const t = useTranslate();
  const lock = useJobs((state) => state.pixelLock);
  if (!lock) return null;
  const kept = lock.state === 'counted' && lock.outside === 0;
  return (
    <div className={`pixel-lock ${alone ? 'panel alone' : ''} ${kept ? 'kept' : ''}`}>
      <LockKeyhole aria-hidden />
      <span className="pixel-lock-words">
        <span data-testid="pixel-lock" data-state={lock.state}>
          {lock.state === 'counting' ? t('lock.counting') : t('lock.counted', { n: lock.outside })}
        </span>
        {lock.state === 'counted' && lock.beside > 0 && (
          <span className="pixel-lock-beside" data-testid="pixel-lock-beside">
            {t('lock.beside', { n: lock.beside })}
          </span>
        )}
      </span>
      {alone && <ClearMask />}
    </div>
  );
}
