import type { Ask } from '../editor/session.ts';
import type { ServiceTraits } from './ports.ts';

export const modelOf = ({ defaultModel, models }: ServiceTraits, ask: Ask) =>
  models.find(({ id }) => id === (ask.model ?? defaultModel));

/** The embedded engine answers, which bills nobody. */
export function isFree(traits: ServiceTraits, ask: Ask): boolean {
  const model = modelOf(traits, ask);
  return traits.services.some(({ id, kind }) => id === model?.service && kind === 'embedded');
}

/** What decides about this ask, and no more: it is stored with it. */
export const traitsFor = (ask: Ask, { services, defaultModel, models }: ServiceTraits): ServiceTraits => ({
  services,
  defaultModel,
  models: models.filter(({ id }) => id === (ask.model ?? defaultModel)),
});
