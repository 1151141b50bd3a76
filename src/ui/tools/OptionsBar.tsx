import { Circle, CircleDot } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { isBrush, MAX_BRUSH, MIN_BRUSH } from '../../editor/session.ts';
import { useApp, useEditor, useSession, useTranslate } from '../app.ts';
import { RangeField } from '../controls/RangeField.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { MaskActions } from './MaskActions.tsx';

/** Fetched when the tool is first chosen. */
const FrameOptions = lazy(() => import('./FrameOptions.tsx'));

/** Options of the active tool, with the mask's own actions beside them. */
export function OptionsBar() {
  const { session } = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const painting = useSession((state) => isBrush(state.tool));
  const framing = useSession((state) => state.tool === 'frame');
  const framed = useEditor((state) => (framing ? state.document : null));
  const { size, hardness } = useSession((state) => state.brush);
  if (narrow && !painting && !framed) return null;
  return (
    <section className="options panel" aria-label={t('tool.options')}>
      {painting && (
        <>
          <RangeField
            label={t('brush.size')}
            icon={Circle}
            numberLabel={t('brush.size.number')}
            unit="px"
            value={size}
            min={MIN_BRUSH}
            max={MAX_BRUSH}
            onChange={(next) => session.setBrush({ size: next })}
            data-testid="brush-size"
          />
          <RangeField
            label={t('brush.hardness')}
            icon={CircleDot}
            numberLabel={t('brush.hardness.number')}
            unit="%"
            value={Math.round(hardness * 100)}
            min={0}
            max={100}
            onChange={(next) => session.setBrush({ hardness: next / 100 })}
          />
        </>
      )}
      {framed && (
        <Suspense>
          <FrameOptions document={framed} />
        </Suspense>
      )}
      {!narrow && (
        <>
          {(painting || framed) && <span className="divider" />}
          <MaskActions />
        </>
      )}
    </section>
  );
}
