import { Circle, CircleDot } from 'lucide-react';
import { MAX_BRUSH, MIN_BRUSH } from '../../editor/session.ts';
import { useApp, useSession, useTranslate } from '../app.ts';
import { RangeField } from '../controls/RangeField.tsx';
import { BrushMore } from './BrushMore.tsx';

/** Of the brush and the restore brush. */
export function BrushOptions() {
  const { session } = useApp();
  const t = useTranslate();
  const { size, hardness, tip } = useSession((state) => state.brush);
  const square = tip === 'square';
  return (
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
        value={square ? 100 : Math.round(hardness * 100)}
        min={0}
        max={100}
        disabled={square}
        hint={square ? t('brush.hardness.square') : undefined}
        onChange={(next) => session.setBrush({ hardness: next / 100 })}
      />
      <BrushMore />
    </>
  );
}
