import { ApiError } from '../errors.ts';
import { describeModel, findModel, openaiModels, statusOn } from './models.ts';
import type { ModelsFile } from './modelsFile.ts';
import type { Model } from './provider.ts';

/** A model as `GET /v1/models` of a service has it. */
export interface ListedModel {
  readonly id: string;
  /** ISO date on which the service ends it; null: it says none. */
  readonly shutdown: string | null;
}

/**
 * What is known of models: OpenAI's published facts, over them what OpenAI's own list said last, over that the
 * operator's file. What the browser is told, what requests are checked by and how a service is asked all come from here.
 */
export interface ModelTable {
  /** What a service offers; `isOpenAi`: OpenAI's models too, not only those that the file gives to it. */
  models(service: string, isOpenAi: boolean): Model[];
  /**
   * Of any id, known or not; `published`: what to assume where neither list nor file says otherwise. Throws 404 for
   * what the file removes.
   */
  describe(id: string, published?: Model): Model;
  /** Takes a new list in; dates it no longer has are forgotten. */
  learn(listed: readonly ListedModel[]): void;
}

/** The service that a model of the file belongs to when neither the file nor OpenAI's table says one. */
const PLAIN = 'openai';

export function createModelTable(file: ModelsFile = new Map()): ModelTable {
  let learned: ReadonlyMap<string, string | null> = new Map();
  const entryOf = (id: string) => file.get(id) ?? file.get(snapshotBase(id)) ?? {};
  const isRemoved = (id: string) =>
    file.get(id) === null || (!file.has(id) && file.get(snapshotBase(id)) === null);

  function describe(id: string, base = describeModel(id)): Model {
    if (isRemoved(id))
      throw new ApiError(404, 'model_not_found', `The model '${id}' is not offered here.`, {
        param: 'model',
      });
    const entry = entryOf(id);
    const shutdown = learned.get(id) ?? learned.get(snapshotBase(id)) ?? base.shutdown;
    const merged = { ...base, shutdown, ...entry, id };
    const isKnown = base.status !== 'unknown' || merged.shutdown !== null;
    return { ...merged, status: entry.status ?? (isKnown ? statusOn(merged.shutdown) : 'unknown') };
  }

  return {
    describe,
    models(service, isOpenAi) {
      const known = openaiModels();
      const own = isOpenAi ? [...known.map(({ id }) => id), ...newcomers(known, learned)] : [];
      const homeOf = (id: string) => entryOf(id).service ?? (own.includes(id) ? service : PLAIN);
      return [...new Set([...own, ...file.keys()])]
        .filter((id) => !isRemoved(id) && homeOf(id) === service)
        .map((id) => ({
          ...describe(id),
          service,
          // OpenAI's prices are not those of others who have a model of the same name.
          ...(isOpenAi || entryOf(id).pricing ? {} : { pricing: null }),
        }));
    },
    learn(listed) {
      learned = new Map(listed.map(({ id, shutdown }) => [id, shutdown]));
    },
  };
}

const snapshotBase = (id: string) => id.replace(/-\d{4}-\d{2}-\d{2}$/, '');

/** Image models that came after the table; of other names in the list nobody knows what they are. */
function newcomers(known: readonly Model[], listed: ReadonlyMap<string, unknown>): string[] {
  return [...listed.keys()].filter((id) => id.startsWith('gpt-image-') && findModel(known, id) === null);
}
