import type { Document } from '../editor/document.ts';
import { imagesOfLayer } from '../editor/layer.ts';
import type { ResultGroup } from './job.ts';

/** Ids of the pictures that a document and results need to be drawn, blended again, accepted and stored. */
export function imagesOf(document: Document | null, groups: readonly ResultGroup[]): string[] {
  const documents = [...(document ? [document] : []), ...groups.flatMap(({ snapshot }) => snapshot ?? [])];
  const results = groups.flatMap((group) => group.results);
  const layers = [
    ...documents.flatMap((one) => [...one.layers, ...[...one.reblended.values()].flat()]),
    ...results.flatMap((result) => result.layers),
  ];
  return [
    ...documents.map(({ picture }) => picture.id),
    ...layers.flatMap(imagesOfLayer),
    ...results.flatMap(({ picture }) => (picture ? [picture.image.id, picture.raw.id] : [])),
  ];
}
