import type { Ask, AskMode } from '../editor/session.ts';
import type { ServiceTraits } from './ports.ts';

export const endpointOf = {
  edit: 'edits',
  generate: 'generations',
  variations: 'variations',
} as const satisfies Record<AskMode, string>;

export const modelOf = ({ defaultModel, models }: ServiceTraits, ask: Ask) =>
  models.find(({ id }) => id === (ask.model ?? defaultModel));

/** The embedded engine answers, which bills nobody. */
export function isFree(traits: ServiceTraits, ask: Ask): boolean {
  const model = modelOf(traits, ask);
  return traits.services.some(({ id, kind }) => id === model?.service && kind === 'embedded');
}

/**
 * Whether the engine in this browser carries the ask out, without the server: the one place that decides so. The server
 * says which requests that gives the same pictures for.
 */
export const isLocal = (traits: ServiceTraits, ask: Ask): boolean =>
  modelOf(traits, ask)?.local?.includes(endpointOf[ask.mode]) === true;

/** What decides about this ask, and no more: it is stored with it. */
export const traitsFor = (ask: Ask, { services, defaultModel, models }: ServiceTraits): ServiceTraits => ({
  services,
  defaultModel,
  models: models.filter(({ id }) => id === (ask.model ?? defaultModel)),
});
