import { useCallback, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { CanvasView } from '../canvas/CanvasView.tsx';
import type { Shown } from '../canvas/shown.ts';
import { sameStack } from '../editor/document.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import { waitingGroups } from '../jobs/staging.ts';
import type { Placement } from '../tools/tool.ts';
import { createToolbox } from '../tools/toolbox.ts';
import { useApp, useBlending, useEditor, useJobs, useTranslate, useUi } from './app.ts';
import { useOverlay } from './blend/useOverlay.ts';
import { createSelectionSource } from './selectionSource.ts';
import { shownStack } from './shown.ts';
import { stageInsets } from './stageInsets.ts';

interface StageSlotProps {
  readonly draft: LiveDraft;
  readonly place: Placement;
  /** A bitmap of a whole picture that was made while it was opened; the stage takes it over. */
  readonly takeProxy: (pictureId: string) => ImageBitmap | null;
}

/** The canvas with what is to be seen on it: the document, or the previewed result. */
export function StageSlot({ draft, place, takeProxy }: StageSlotProps) {
  const app = useApp();
  const t = useTranslate();
  // The tools come with the canvas: a page that waits for a picture has no use for them.
  const toolbox = useMemo(
    () =>
      createToolbox({
        editor: app.editor,
        draft,
        session: app.session,
        place,
        selection: createSelectionSource(app),
      }),
    [app, draft, place],
  );
  const shown = useShown();
  const overlay = useOverlay();
  const busy = useUi((state) => state.busy?.key === 'open.busy');
  const words = useMemo(
    () => ({ largest: t('frame.largest'), adjust: t('plan.adjust'), reset: t('plan.reset') }),
    [t],
  );
  const insets = useCallback(
    (width: number, height: number) => stageInsets(width, height, app.session.store.getState().tool),
    [app],
  );
  const theme = useStore(app.preferences.store, (state) => state.theme);
  return (
    <CanvasView
      editor={app.editor}
      session={app.session}
      draft={draft}
      toolbox={toolbox}
      source={app.codec}
      shown={shown}
      overlay={overlay}
      takeProxy={takeProxy}
      onReady={app.stage.fit}
      loading={busy}
      theme={theme}
      label={t('canvas.label')}
      words={words}
      insets={insets}
    />
  );
}

/** The same object while it flattens to the same pixels, so that a stroke does not ask for them again. */
function useShown(): Shown | null {
  const document = useEditor((state) => state.document);
  const groups = useJobs((state) => state.groups);
  const selected = useJobs((state) => state.selected);
  const blending = useBlending((state) => state.preview);
  const comparing = useUi((state) => state.comparing);
  const last = useRef<Shown | null>(null);
  return useMemo(() => {
    const preview = shownStack(document, waitingGroups(groups, document), selected, blending);
    const stack = comparing ? (document ?? preview) : preview;
    const withMask = document !== null && stack?.picture.id === document.picture.id;
    const before = last.current;
    if (stack && before && before.withMask === withMask && sameStack(before.stack, stack)) return before;
    last.current = stack && { stack, withMask };
    return last.current;
  }, [document, groups, selected, blending, comparing]);
}
