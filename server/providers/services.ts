import type { Capabilities } from '../contract.ts';
import { findModel } from './models.ts';
import { createModelTable } from './modelTable.ts';
import type { Model, Provider } from './provider.ts';

/** The engines and image services of one server, side by side; a model's id chooses among them. */
export interface Services {
  /** Of an id that several services have, the first stands alone and the others as `service/model`. */
  capabilities(): Pick<Capabilities, 'services' | 'defaultModel'> & { readonly models: readonly Model[] };
  /**
   * Who answers for a model; "" is the default one, and `service/model` any model of that service. A server with the
   * embedded engine alone answers under any name, so that code written for another service runs against it. A name
   * that nobody knows goes to the default's service; one that the table has no more is a 404.
   */
  choose(name: string): { readonly provider: Provider; readonly model: Model };
  /** A model at one service, under its own id or as `service/model`; null: there is no such service. */
  at(service: string, name: string): { readonly provider: Provider; readonly model: Model } | null;
  close(): Promise<void>;
}

/** `providers`: at least one; the first one's default model is the default of all; `table`: what to assume of other names. */
export function createServices(
  providers: readonly [Provider, ...Provider[]],
  table = createModelTable(),
): Services {
  const [first] = providers;

  function describe(provider: Provider, id: string): Model {
    const { models, service } = provider.capabilities();
    return findModel(models, id) ?? provider.describe?.(id) ?? { ...table.describe(id), service: service.id };
  }

  function at(service: string, name: string) {
    const provider = providers.find((one) => one.capabilities().service.id === service);
    if (!provider) return null;
    const isOwn = findModel(provider.capabilities().models, name) !== null;
    const prefix = `${service}/`;
    const id = !isOwn && name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return { provider, model: describe(provider, id) };
  }

  return {
    at,
    capabilities: () => {
      const engines = providers.map((provider) => provider.capabilities());
      const models: Model[] = [];
      for (const model of engines.flatMap((engine) => engine.models)) {
        const taken = models.some(({ id }) => id === model.id);
        models.push(taken ? { ...model, id: `${model.service}/${model.id}` } : model);
      }
      return {
        services: engines.map(({ service }) => service),
        defaultModel: first.capabilities().defaultModel,
        models,
      };
    },
    choose(name) {
      const { defaultModel, service } = first.capabilities();
      const alone = providers.length === 1 && service.kind === 'embedded';
      const id = alone || name === '' ? defaultModel : name;
      // Ids of models may contain slashes, so a whole id comes before a service's name.
      for (const provider of providers) {
        const model = findModel(provider.capabilities().models, id);
        if (model) return { provider, model };
      }
      const slash = id.indexOf('/');
      const named = slash > 0 ? at(id.slice(0, slash), id) : null;
      return named ?? { provider: first, model: describe(first, id) };
    },
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
