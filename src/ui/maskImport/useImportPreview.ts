import { useEffect, useRef, useState } from 'react';
import type { PixelRect } from '../../geometry/rect.ts';
import type { MaskWay } from '../../raster/combineSteps.ts';
import type { Mask } from '../../raster/mask.ts';
import { coveredShare } from '../../raster/measure.ts';
import { failureOf } from '../actions/failure.ts';
import { useApp, useEditor } from '../app.ts';

/**
 * Shows on the canvas what a mask in `rect` makes of the one that is there, until it is committed or this ends. Gives
 * the share (0–1) that is covered then; null while it is being made.
 */
export function useImportPreview(mask: Mask, rect: PixelRect, flipped: boolean, way: MaskWay): number | null {
  const { codec, draft, ui } = useApp();
  const base = useEditor((state) => state.document?.mask);
  const frame = useEditor((state) => state.document?.frame);
  const [share, setShare] = useState<number | null>(null);
  /** What is shown by this, and not by a stroke that took its place. */
  const proposed = useRef(false);

  useEffect(() => {
    if (!base || !frame) return;
    const controller = new AbortController();
    const { signal } = controller;
    setShare(null);
    codec.combineMasks(signal, base, mask, { way, rect, flipped, frame }).then(
      (combined) => {
        if (signal.aborted) return;
        draft.propose(combined);
        proposed.current = true;
        setShare(coveredShare(combined, frame));
      },
      (error: unknown) => {
        if (signal.aborted) return;
        ui.fail(failureOf(error));
        ui.setPanel(null);
      },
    );
    return () => controller.abort();
  }, [codec, draft, ui, base, frame, mask, rect, flipped, way]);

  useEffect(() => {
    return draft.subscribe((event) => {
      if (event !== 'dropped' && event !== 'committed') return;
      const ours = proposed.current;
      proposed.current = false;
      // Where what lies below has changed, it is combined anew; a stroke takes the place of the preview.
      if (ours && event === 'dropped' && draft.base() === base) ui.setPanel(null);
    });
  }, [draft, ui, base]);

  useEffect(
    () => () => {
      if (proposed.current) draft.drop();
    },
    [draft],
  );

  return share;
}
