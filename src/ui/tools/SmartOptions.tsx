import { Circle } from 'lucide-react';
import { MAX_BRUSH, MIN_BRUSH } from '../../editor/session.ts';
import { useApp, useSession, useTranslate } from '../app.ts';
import { RangeField } from '../controls/RangeField.tsx';
import { ShapeModeSwitch } from './ShapeModeSwitch.tsx';
import './selecting.css';

/** Of the quick select. */
export default function SmartOptions() {
  const { session } = useApp();
  const t = useTranslate();
  const size = useSession((state) => state.scribbleSize);
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
        onChange={session.setScribbleSize}
        data-testid="scribble-size"
      />
      <ShapeModeSwitch />
    </>
  );
}
