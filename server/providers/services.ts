import type { Capabilities } from '../contract.ts';
import { findModel } from './models.ts';
import { createModelTable } from './modelTable.ts';
import type { Model, Provider } from './provider.ts';

/** The engines and image services of one server, side by side; a model's id chooses among them. */
export interface Services {
  capabilities(): Pick<Capabilities, 'services' | 'defaultModel'> & { readonly models: readonly Model[] };
  /**
   * Who answers for a model; "" is the default one. A server with the embedded engine alone answers under any name,
   * so that code written for another service runs against it. A name that nobody knows goes to the default's service;
   * one that the table has no more is a 404.
   */
  choose(name: string): { readonly provider: Provider; readonly model: Model };
  close(): Promise<void>;
}

/** `providers`: at least one; the first one's default model is the default of all; `table`: what to assume of other names. */
export function createServices(
  providers: readonly [Provider, ...Provider[]],
  table = createModelTable(),
): Services {
  const [first] = providers;
  return {
    capabilities: () => {
      const engines = providers.map((provider) => provider.capabilities());
      return {
        services: engines.map(({ service }) => service),
        defaultModel: first.capabilities().defaultModel,
        models: engines.flatMap(({ models }) => models),
      };
    },
    choose(name) {
      const { defaultModel, service } = first.capabilities();
      const alone = providers.length === 1 && service.kind === 'embedded';
      const id = alone || name === '' ? defaultModel : name;
      for (const provider of providers) {
        const model = findModel(provider.capabilities().models, id);
        if (model) return { provider, model };
      }
      return { provider: first, model: { ...table.describe(id), service: service.id } };
    },
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
