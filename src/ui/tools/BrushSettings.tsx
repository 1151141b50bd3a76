import { useApp, useSession, useTranslate } from '../app.ts';
import { RangeField } from '../controls/RangeField.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { Switch } from '../controls/Switch.tsx';
import './brush.css';

export default function BrushSettings() {
  const { session } = useApp();
  const t = useTranslate();
  const { opacity, smoothing, pressureSize, pressureOpacity, tip } = useSession((state) => state.brush);
  return (
    <>
      <RangeField
        label={t('brush.opacity')}
        numberLabel={t('brush.opacity.number')}
        unit="%"
        value={Math.round(opacity * 100)}
        min={1}
        max={100}
        onChange={(next) => session.setBrush({ opacity: next / 100 })}
        data-testid="brush-opacity"
      />
      <p className="brush-note">{t('brush.opacity.note')}</p>
      <RangeField
        label={t('brush.smoothing')}
        numberLabel={t('brush.smoothing.number')}
        unit="%"
        value={Math.round(smoothing * 100)}
        min={0}
        max={100}
        onChange={(next) => session.setBrush({ smoothing: next / 100 })}
        data-testid="brush-smoothing"
      />
      <p className="brush-note">{t('brush.smoothing.note')}</p>
      <Switch
        label={t('brush.pressureSize')}
        checked={pressureSize}
        onChange={(next) => session.setBrush({ pressureSize: next })}
        data-testid="brush-pressure-size"
      />
      <Switch
        label={t('brush.pressureOpacity')}
        checked={pressureOpacity}
        onChange={(next) => session.setBrush({ pressureOpacity: next })}
        data-testid="brush-pressure-opacity"
      />
      <div className="brush-tip">
        <span aria-hidden>{t('brush.tip')}</span>
        <Segmented
          label={t('brush.tip')}
          value={tip}
          options={[
            { value: 'round', label: t('brush.tip.round'), 'data-testid': 'brush-tip-round' },
            { value: 'square', label: t('brush.tip.square'), 'data-testid': 'brush-tip-square' },
          ]}
          onChange={(next) => session.setBrush({ tip: next })}
        />
      </div>
      {tip === 'square' && <p className="brush-note">{t('brush.hardness.square')}</p>}
    </>
  );
}
