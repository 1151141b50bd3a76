import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { CanvasView } from '../canvas/CanvasView.tsx';
import type { InputNews } from '../canvas/pointerInput.ts';
import type { Shown } from '../canvas/shown.ts';
import { sameStack } from '../editor/document.ts';
import { isMovedByKeys } from '../editor/session.ts';
import { waitingGroups } from '../jobs/staging.ts';
import type { Placement } from '../tools/tool.ts';
import { createToolbox, type Toolbox } from '../tools/toolbox.ts';
import { focusStage } from './actions/focus.ts';
import { redo, undo } from './actions/history.ts';
import { type App, useApp, useBlending, useEditor, useJobs, useSession, useTranslate, useUi } from './app.ts';
import { useOverlay } from './blend/useOverlay.ts';
import { createSelectionSource } from './selectionSource.ts';
import { shownStack, withGlimpses } from './shown.ts';
import { stageInsets } from './stageInsets.ts';
import { usePreparedEngine } from './usePreparedEngine.ts';

interface StageSlotProps {
  readonly place: Placement;
  /** A bitmap of a whole picture that was made while it was opened; the stage takes it over. */
  readonly takeProxy: (pictureId: string) => ImageBitmap | null;
}

/** The canvas with what is to be seen on it: the document, or the previewed result. */
export function StageSlot({ place, takeProxy }: StageSlotProps) {
  const app = useApp();
  const t = useTranslate();
  // The tools come with the canvas: a page that waits for a picture has no use for them.
  const toolbox = useMemo(
    () =>
      createToolbox({
        editor: app.editor,
        draft: app.draft,
        session: app.session,
        place,
        selection: createSelectionSource(app),
      }),
    [app, place],
  );
  useLateTools(toolbox);
  usePreparedEngine(app);
  // A picture that was opened before the canvas had come could not give it the focus.
  useEffect(() => {
    if (document.activeElement === document.body) focusStage();
  }, []);
  const shown = useShown();
  const foreign = shown !== null && !shown.withMask;
  useEffect(() => app.session.setForeignInView(foreign), [app, foreign]);
  const overlay = useOverlay();
  const view = useStore(app.preferences.store, (state) => state.view);
  const peeking = useUi((state) => state.peeking);
  const busy = useUi((state) => state.busy?.key === 'open.busy');
  const words = useMemo(
    () => ({ largest: t('frame.largest'), adjust: t('plan.adjust'), reset: t('plan.reset') }),
    [t],
  );
  const insets = useCallback(
    (width: number, height: number) => stageInsets(width, height, app.session.store.getState().tool),
    [app],
  );
  const news = useMemo(() => inputNews(app), [app]);
  const keyed = useSession((state) => (isMovedByKeys(state.tool) ? state.tool : null));
  const theme = useStore(app.preferences.store, (state) => state.theme);
  return (
    <CanvasView
      editor={app.editor}
      session={app.session}
      draft={app.draft}
      toolbox={toolbox}
      source={app.codec}
      shown={shown}
      overlay={overlay}
      view={view}
      peeking={peeking}
      takeProxy={takeProxy}
      onReady={app.stage.fit}
      loading={busy}
      theme={theme}
      label={t('canvas.label')}
      description={keyed && t(keyed === 'wand' ? 'keyboard.description.wand' : 'keyboard.description')}
      words={words}
      insets={insets}
      news={news}
    />
  );
}

/** Tools that nobody needs before there is a picture: they are fetched once the stage is there. */
function useLateTools(toolbox: Toolbox) {
  const { ui } = useApp();
  useEffect(() => {
    import('../tools/shapeTools.ts').then(
      ({ addShapeTools }) => addShapeTools(toolbox),
      () => ui.fail({ code: 'server_unreachable', detail: '' }),
    );
  }, [toolbox, ui]);
}

/** What the stage's input means to the app, and says to those who do not see it. */
function inputNews(app: App): InputNews {
  const { ui } = app;
  return {
    onTap(fingers) {
      if (fingers === 2) undo(app);
      if (fingers === 3) redo(app);
    },
    onFingerPans: () => ui.notify('touch.fingerPans'),
    onKeyboard(news) {
      if (news.kind !== 'at') return ui.announce(`keyboard.${news.kind}`);
      ui.announce('keyboard.at', { tool: { key: `tool.${news.tool}` }, x: news.x, y: news.y });
    },
  };
}

/** The same object while it flattens to the same pixels, so that a stroke does not ask for them again. */
function useShown(): Shown | null {
  const document = useEditor((state) => state.document);
  const groups = useJobs((state) => state.groups);
  const selected = useJobs((state) => state.selected);
  const glimpses = useJobs(
    useShallow(({ running }) => running.flatMap(({ glimpse }) => glimpse?.over ?? [])),
  );
  const blending = useBlending((state) => state.preview);
  const comparing = useUi((state) => state.comparing);
  const last = useRef<Shown | null>(null);
  return useMemo(() => {
    const preview = shownStack(document, waitingGroups(groups, document), selected, blending);
    const stack = comparing ? (document ?? preview) : withGlimpses(preview, document, glimpses);
    const withMask = document !== null && stack?.picture.id === document.picture.id;
    const before = last.current;
    if (stack && before && before.withMask === withMask && sameStack(before.stack, stack)) return before;
    last.current = stack && { stack, withMask };
    return last.current;
  }, [document, groups, selected, glimpses, blending, comparing]);
}
