/**
 * Records of version 1 as version 2 has them, without judging them: what is malformed is found by the parser. A layer
 * had a mask and nothing to be blended again from; a result had one layer or was a picture of its own.
 */
export function fromVersion1(value: unknown): unknown {
  if (!isObject(value)) return value;
  return {
    ...value,
    version: 2,
    ...(isObject(value['document']) && { document: documentOf(value['document']) }),
    ...(Array.isArray(value['groups']) && { groups: value['groups'].map(groupOf) }),
    ...(isObject(value['group']) && { group: groupOf(value['group']) }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const documentOf = (document: Fields) => ({
  ...document,
  layers: Array.isArray(document['layers']) ? document['layers'].map(layerOf) : document['layers'],
  reblended: [],
});

function layerOf(layer: unknown): unknown {
  if (!isObject(layer)) return layer;
  const { mask, ...rest } = layer;
  return { ...rest, weights: mask, erased: '', origin: { kind: 'merged' } };
}

function groupOf(group: unknown): unknown {
  if (!isObject(group)) return group;
  const { snapshot, results, mode, ask, createdAt } = group;
  const made = {
    mode,
    prompt: isObject(ask) ? ask['prompt'] : '',
    model: (isObject(ask) && ask['model']) || '',
    quality: isObject(ask) ? ask['quality'] : null,
    at: createdAt,
  };
  return {
    ...group,
    snapshot: isObject(snapshot) ? documentOf(snapshot) : snapshot,
    asked: isObject(snapshot) && mode === 'edit' ? snapshot['mask'] : null,
    results: Array.isArray(results) ? results.map((result) => resultOf(result, made)) : results,
  };
}

function resultOf(result: unknown, made: object): unknown {
  if (!isObject(result)) return result;
  const { id, image, layer, thumbnail } = result;
  return isObject(layer)
    ? { id, layers: [layerOf(layer)], picture: null, thumbnail }
    : { id, layers: [], picture: { image, made }, thumbnail };
}
