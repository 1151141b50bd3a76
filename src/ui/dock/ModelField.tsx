import type { Capabilities, ModelCapabilities } from '../../../server/contract.ts';
import { useApp, useLanguage, useTranslate } from '../app.ts';
import { SelectField } from '../controls/SelectField.tsx';
import { endingText, endOf, offeredModels, serviceName } from '../services.ts';

interface ModelFieldProps {
  readonly capabilities: Capabilities;
  readonly model: ModelCapabilities;
}

/** The models of all services, with the day on which one ends. */
export function ModelField({ capabilities, model }: ModelFieldProps) {
  const { session, ui } = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const offered = offeredModels(capabilities, model.id);
  const several = capabilities.services.length > 1;
  const nameOf = (id: string) => {
    const service = capabilities.services.find((one) => one.id === id);
    return service ? serviceName(t, service) : id;
  };
  const labelOf = (one: ModelCapabilities) => {
    const date = one.status === 'active' ? null : endOf(language, one);
    return date === null ? one.id : t('model.until', { id: one.id, date });
  };
  function choose(id: string) {
    session.setAsk({ model: id, size: 'auto', quality: null });
    const { status = 'active', shutdown = null } = offered.find((one) => one.id === id) ?? {};
    if (status !== 'retiring' && status !== 'retired') return;
    const date = endOf(language, { ...model, shutdown });
    if (date === null) ui.announce(`model.${status}`, { id });
    else ui.announce(`model.${status}.on`, { id, date });
  }
  const ending = endingText(t, language, model);
  return (
    <>
      {offered.length > 1 && (
        <SelectField
          label={t('settings.model')}
          value={model.id}
          options={offered.map((one) => ({
            value: one.id,
            label: labelOf(one),
            ...(several && { group: nameOf(one.service) }),
          }))}
          onChange={choose}
        />
      )}
      {ending && (
        <p className="field-note" data-testid="model-ending">
          {ending}
        </p>
      )}
    </>
  );
}
