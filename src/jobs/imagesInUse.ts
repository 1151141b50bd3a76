import type { Document } from '../editor/document.ts';
import { picturesOfLayer } from '../editor/layer.ts';
import type { ResultGroup } from './job.ts';

/** Ids of the pictures that documents and results need to be drawn, blended again, accepted and stored. */
export function imagesOf(shown: readonly Document[], groups: readonly ResultGroup[]): string[] {
  const documents = [...shown, ...groups.flatMap(({ snapshot }) => snapshot ?? [])];
  const results = groups.flatMap((group) => group.results);
  // Neighbours in the history mostly have the same layers.
  const stacks = new Set([
    ...documents.flatMap((one) => [one.layers, ...one.reblended.values()]),
    ...results.map((result) => result.layers),
  ]);
  return [
    ...new Set(documents.map(({ picture }) => picture.id)),
    ...[...stacks].flatMap((layers) => layers.flatMap(picturesOfLayer).map(({ id }) => id)),
    ...results.flatMap(({ picture }) => (picture ? [picture.image.id, picture.raw.id] : [])),
  ];
}
