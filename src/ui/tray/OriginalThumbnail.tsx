import { useEffect, useRef, useState } from 'react';
import { sameStack } from '../../editor/document.ts';
import type { LayerStack } from '../../raster/layerStack.ts';
import { useApp, useJobs, useTranslate } from '../app.ts';
import { Thumbnail } from './Thumbnail.tsx';

/** Longest edge, device px: twice the button's width. */
const EDGE = 168;

/** The document as it is without the results. */
export function OriginalThumbnail({ document }: { readonly document: LayerStack }) {
  const { codec, jobs } = useApp();
  const t = useTranslate();
  const selected = useJobs((state) => state.selected !== null);
  const [picture, setPicture] = useState<Blob | null>(null);
  // A stroke makes a new document of the same pixels.
  const drawn = useRef(document);
  if (!sameStack(drawn.current, document)) drawn.current = document;
  const stack = drawn.current;
  useEffect(() => {
    const controller = new AbortController();
    codec.thumbnail(controller.signal, stack, EDGE).then(setPicture, () => undefined);
    return () => controller.abort();
  }, [codec, stack]);
  return (
    <Thumbnail
      picture={picture}
      label={t('results.original')}
      captioned
      selected={!selected}
      onSelect={() => jobs.select(null)}
    />
  );
}
