import { ToggleGroup } from 'radix-ui';
import { HEAT_STOPS } from '../../blend/heatMap.ts';
import { lookAt } from '../actions/blend.ts';
import { useApp, useLanguage, useTranslate, useUi } from '../app.ts';
import { releaseFocus } from '../controls/Button.tsx';
import type { ResultLook } from '../state/ui.ts';
import '../controls/Segmented.css';

const looks: readonly ResultLook[] = ['painted', 'sent', 'blend', 'changes'];

/** What lies over the picture; pressed again, the painted mask as ever. */
export function LookChoice() {
  const app = useApp();
  const t = useTranslate();
  const look = useUi((state) => state.look);
  return (
    <div className="look">
      <ToggleGroup.Root
        type="single"
        className="segmented"
        aria-label={t('look')}
        value={look}
        onValueChange={(next) => lookAt(app, (next || look) as ResultLook)}
      >
        {looks.map((value) => (
          <ToggleGroup.Item key={value} value={value} data-testid={`look-${value}`} onClick={releaseFocus}>
            {t(`look.${value}`)}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {look === 'changes' ? <HeatLegend /> : <p className="blend-note">{t(`look.${look}.hint`)}</p>}
    </div>
  );
}

const gradient = HEAT_STOPS.map(({ colour, alpha }) => `rgb(${colour.join(' ')} / ${alpha})`).join(', ');

function HeatLegend() {
  const t = useTranslate();
  const language = useLanguage();
  const share = useUi((state) => state.changedShare);
  const percent = share === null ? null : new Intl.NumberFormat(language, { style: 'percent' }).format(share);
  return (
    <>
      <div className="heat-legend">
        <span>{t('look.changes.little')}</span>
        <span className="heat-scale" style={{ background: `linear-gradient(to right, ${gradient})` }} />
        <span>{t('look.changes.much')}</span>
      </div>
      <p className="blend-note" data-testid="changed-share">
        {percent === null ? t('look.changes.wait') : t('look.changes.share', { percent })}
      </p>
    </>
  );
}
