import { useEffect, useRef, useState } from 'react';
import { sameRect } from '../../geometry/rect.ts';
import type { LayerStack } from '../../raster/layerStack.ts';
import { useApp } from '../app.ts';
import { useObjectUrl } from '../controls/useObjectUrl.ts';

/** Longest edge, device px: twice what is shown. */
const EDGE = 96;

/** True when both show the same: a layer's own object changes with everything that is done to it. */
const samePicture = (a: LayerStack, b: LayerStack) =>
  a.picture.id === b.picture.id &&
  sameRect(a.frame, b.frame) &&
  a.layers.length === b.layers.length &&
  a.layers.every(({ image, mask }, k) => image.id === b.layers[k]?.image.id && mask === b.layers[k].mask);

/** What is seen of a stack, small. */
export function StackPicture({ stack }: { readonly stack: LayerStack }) {
  const { codec } = useApp();
  const [picture, setPicture] = useState<Blob | null>(null);
  const drawn = useRef(stack);
  if (!samePicture(drawn.current, stack)) drawn.current = stack;
  const shown = drawn.current;
  useEffect(() => {
    const controller = new AbortController();
    codec.thumbnail(controller.signal, shown, EDGE).then(setPicture, () => undefined);
    return () => controller.abort();
  }, [codec, shown]);
  const url = useObjectUrl(picture);
  return <span className="layer-picture">{url && <img src={url} alt="" draggable={false} />}</span>;
}
