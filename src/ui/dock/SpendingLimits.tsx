import { useStore } from 'zustand';
import { useApp, useLanguage, useTranslate } from '../app.ts';
import { SelectField } from '../controls/SelectField.tsx';

/** USD that can be chosen. */
const perRequest = [0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const perDay = [1, 2, 5, 10, 20, 50, 100];

const NONE = 'none';

/** What the user is willing to pay a service; held against estimates before anything is sent. */
export function SpendingLimits() {
  const { spending } = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const { limits, spent } = useStore(spending.store);
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' });
  const field = (key: 'perRequest' | 'perDay', amounts: readonly number[]) => {
    const limit = limits[key];
    const offered = limit === null || amounts.includes(limit) ? amounts : [...amounts, limit];
    return (
      <SelectField
        label={t(`spending.${key}`)}
        value={limit === null ? NONE : String(limit)}
        options={[
          { value: NONE, label: t('spending.none') },
          ...offered.map((amount) => ({ value: String(amount), label: money.format(amount) })),
        ]}
        onChange={(value) => spending.setLimits({ [key]: value === NONE ? null : Number(value) })}
      />
    );
  };
  return (
    <fieldset className="spending">
      <legend>{t('spending')}</legend>
      {field('perRequest', perRequest)}
      {field('perDay', perDay)}
      <p className="field-note">{t('spending.today', { price: money.format(spent) })}</p>
    </fieldset>
  );
}
