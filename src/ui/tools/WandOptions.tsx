import { Blend, Pipette, Spline, Waypoints } from 'lucide-react';
import { useApp, useSession, useTranslate } from '../app.ts';
import { RangeField } from '../controls/RangeField.tsx';
import { ShapeModeSwitch } from './ShapeModeSwitch.tsx';
import { ToggleButton } from './ToggleButton.tsx';
import './selecting.css';

const SAMPLES = [1, 3, 5] as const;

/** Of the magic wand. All but the last change the selection that was just made. */
export default function WandOptions() {
  const { session } = useApp();
  const t = useTranslate();
  const { tolerance, contiguous, sample, antialias } = useSession((state) => state.wand);
  return (
    <>
      <RangeField
        label={t('wand.tolerance')}
        icon={Blend}
        numberLabel={t('wand.tolerance.number')}
        unit=""
        value={tolerance}
        min={0}
        max={100}
        onChange={(next) => session.setWand({ tolerance: next })}
        data-testid="wand-tolerance"
      />
      <div className="wand-how">
        <label className="wand-sample" title={t('wand.sample')}>
          <Pipette aria-hidden />
          <select
            aria-label={t('wand.sample')}
            value={sample}
            onChange={(event) => session.setWand({ sample: Number(event.target.value) })}
            data-testid="wand-sample"
          >
            {SAMPLES.map((edge) => (
              <option key={edge} value={edge}>
                {t('wand.sample.px', { n: edge })}
              </option>
            ))}
          </select>
        </label>
        <ToggleButton
          icon={Waypoints}
          label={t('wand.contiguous')}
          hint={t('wand.contiguous.hint')}
          pressed={contiguous}
          onChange={(next) => session.setWand({ contiguous: next })}
          data-testid="wand-contiguous"
        />
        <ToggleButton
          icon={Spline}
          label={t('wand.antialias')}
          hint={t('wand.antialias.hint')}
          pressed={antialias}
          onChange={(next) => session.setWand({ antialias: next })}
          data-testid="wand-antialias"
        />
      </div>
      <ShapeModeSwitch />
    </>
  );
}
