import type { Capabilities, ModelCapabilities, ServiceCapabilities } from '../../server/contract.ts';
import type { Translate } from './messages/translate.ts';

/** What a service is called: the embedded engine plainly, others by where they are. */
export const serviceName = (t: Translate, { kind, host }: ServiceCapabilities): string =>
  kind === 'embedded' ? t('engine.embedded') : (host ?? 'OpenAI');

/** The day on which a service ends a model; null: it has said none. */
export function endOf(language: string, { shutdown }: ModelCapabilities): string | null {
  const at = Date.parse(shutdown ?? '');
  // Dates of services are days, which begin in UTC.
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return Number.isNaN(at) ? null : format.format(at);
}

/** That a model ends, or has ended; null while it does neither. */
export function endingText(t: Translate, language: string, model: ModelCapabilities): string | null {
  const { id, status } = model;
  if (status !== 'retiring' && status !== 'retired') return null;
  const date = endOf(language, model);
  return date === null ? t(`model.${status}`, { id }) : t(`model.${status}.on`, { id, date });
}

/** The models that can be chosen, each once: of equal names the server takes the first. Retired ones only while chosen. */
export const offeredModels = ({ models }: Capabilities, chosen: string): readonly ModelCapabilities[] =>
  models.filter(
    ({ id, status }, k) =>
      (status !== 'retired' || id === chosen) && models.findIndex((other) => other.id === id) === k,
  );
