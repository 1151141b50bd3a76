import { Eye } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useStore } from 'zustand';
import {
  MASK_LOOKS,
  type MaskLook,
  MIN_TINT_OPACITY,
  TINT_PATTERNS,
  type Tint,
} from '../../editor/viewOptions.ts';
import { setMaskLook, setView } from '../actions/view.ts';
import { useApp, useSession, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { RangeField } from '../controls/RangeField.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { Switch } from '../controls/Switch.tsx';
import './view.css';

/** Far apart from each other and, but for blue, from what photographs are made of. The first is the default. */
const colours = [
  { name: 'magenta', value: '#e5379f' },
  { name: 'red', value: '#ff4a2e' },
  { name: 'yellow', value: '#ffd21f' },
  { name: 'green', value: '#1fc46a' },
  { name: 'blue', value: '#2f7bff' },
] as const;

export default function ViewPanel() {
  const app = useApp();
  const t = useTranslate();
  const { maskLook, tint, pixelGrid } = useStore(app.preferences.store, (state) => state.view);
  const resultInView = useSession((state) => state.resultInView);
  return (
    <>
      <RadioGroup.Root
        className="looks"
        aria-label={t('view.look')}
        orientation="horizontal"
        value={maskLook}
        onValueChange={(next) => setMaskLook(app, next as MaskLook)}
        style={{ '--tint': tint.colour }}
      >
        {MASK_LOOKS.map((value) => (
          <RadioGroup.Item key={value} className="look-card" value={value} data-testid={`mask-look-${value}`}>
            <span className="look-picture" data-look={value} aria-hidden />
            {t(`view.look.${value}`)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {resultInView && <p className="view-note">{t('view.resultInView')}</p>}
      {maskLook === 'tint' && <TintFields tint={tint} />}
      <div className="menu-line" />
      <Switch
        label={t('view.grid')}
        text={t('view.grid.text')}
        checked={pixelGrid}
        onChange={(checked) => setView(app, { pixelGrid: checked })}
        data-testid="pixel-grid"
      />
      <PeekButton />
    </>
  );
}

function TintFields({ tint }: { readonly tint: Tint }) {
  const app = useApp();
  const t = useTranslate();
  const set = (change: Partial<Tint>) => setView(app, { tint: { ...tint, ...change } });
  const own = !colours.some(({ value }) => value === tint.colour);
  return (
    <div className="tint-fields">
      <div className="swatch-row">
        <RadioGroup.Root
          className="swatches"
          aria-label={t('view.colour')}
          orientation="horizontal"
          value={own ? '' : tint.colour}
          onValueChange={(colour) => set({ colour })}
        >
          {colours.map(({ name, value }) => (
            <RadioGroup.Item
              key={value}
              className="swatch"
              value={value}
              aria-label={t(`view.colour.${name}`)}
              title={t(`view.colour.${name}`)}
              data-testid={`tint-${name}`}
              style={{ '--swatch': value }}
            />
          ))}
        </RadioGroup.Root>
        <label
          className="swatch own"
          data-state={own ? 'checked' : 'unchecked'}
          title={t('view.colour.custom')}
          style={{ '--swatch': own ? tint.colour : 'transparent' }}
        >
          <input
            type="color"
            aria-label={t('view.colour.custom')}
            value={tint.colour}
            onChange={(event) => set({ colour: event.target.value })}
          />
        </label>
      </div>
      <Segmented
        label={t('view.pattern')}
        value={tint.pattern}
        options={TINT_PATTERNS.map((value) => ({
          value,
          label: t(`view.pattern.${value}`),
          'data-testid': `tint-${value}`,
        }))}
        onChange={(pattern) => set({ pattern })}
      />
      <RangeField
        label={t('view.opacity')}
        numberLabel={t('view.opacity.number')}
        unit="%"
        value={Math.round(tint.opacity * 100)}
        min={MIN_TINT_OPACITY * 100}
        max={100}
        onChange={(percent) => set({ opacity: percent / 100 })}
      />
    </div>
  );
}

/** For a finger; a key does the same. */
function PeekButton() {
  const { ui } = useApp();
  const t = useTranslate();
  const peeking = useUi((state) => state.peeking);
  const hold = (held: boolean) => () => ui.setPeeking(held);
  return (
    <Button
      icon={Eye}
      look="outline"
      className="peek"
      label={t('view.peek')}
      keys="Q"
      tooltip={false}
      aria-pressed={peeking}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        ui.setPeeking(true);
      }}
      onPointerUp={hold(false)}
      onPointerCancel={hold(false)}
      onKeyDown={(event) => {
        if (event.code === 'Space' || event.code === 'Enter') ui.setPeeking(true);
      }}
      onKeyUp={hold(false)}
      onBlur={hold(false)}
      onContextMenu={(event) => event.preventDefault()}
    />
  );
}
