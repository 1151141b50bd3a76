import type { Document } from '../editor/document.ts';
import type { ResultGroup } from './job.ts';

/** Ids of the pictures that a document and results need to be drawn, accepted and stored. */
export function imagesOf(document: Document | null, groups: readonly ResultGroup[]): string[] {
  const documents = [...(document ? [document] : []), ...groups.flatMap(({ snapshot }) => snapshot ?? [])];
  return [
    ...documents.flatMap(({ picture, layers }) => [picture.id, ...layers.map(({ image }) => image.id)]),
    ...groups.flatMap(({ results }) => results.map(({ image }) => image.id)),
  ];
}
