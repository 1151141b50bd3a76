import { useStore } from 'zustand';
import type { ModelCapabilities, ServiceCapabilities } from '../../../server/contract.ts';
import { priceOfPartials } from '../../blend/price.ts';
import { MOST_PARTIALS } from '../../jobs/request.ts';
import { useApp, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { Switch } from '../controls/Switch.tsx';
import { SpendingLimits } from './SpendingLimits.tsx';
import { useMoney } from './useQuote.ts';

interface ServiceSettingsProps {
  readonly service: ServiceCapabilities;
  readonly model: ModelCapabilities;
}

/** What there is to choose and to know of a service that may bill. */
export function ServiceSettings({ service, model }: ServiceSettingsProps) {
  const { preferences, ui } = useApp();
  const t = useTranslate();
  const money = useMoney();
  const unfinished = useStore(preferences.store, (state) => state.unfinished);
  const usd = model.pricing && priceOfPartials(model.pricing, MOST_PARTIALS);
  const price = usd === null ? t('settings.unfinished.unpriced') : money({ usd, estimate: true });
  return (
    <>
      {model.maxPartials !== null && (
        <Switch
          label={t('settings.unfinished')}
          text={t('settings.unfinished.text', { price })}
          checked={unfinished}
          onChange={(next) => preferences.set({ unfinished: next })}
          data-testid="unfinished-switch"
        />
      )}
      <p className="field-note" data-testid="mask-use">
        {t(`mask.use.${service.mask}`)}
      </p>
      <Button
        look="outline"
        label={t('probe.open')}
        data-testid="probe-open"
        onClick={() => ui.setDialog({ kind: 'probe', service: service.id, model: model.id })}
      />
      <SpendingLimits />
    </>
  );
}
