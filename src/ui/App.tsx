import './tokens.css';
import './base.css';
import './App.css';
import { Tooltip } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { type App, AppContext, useApp, useEditor, useJobs, useLanguage } from './app.ts';
import { useNarrow } from './controls/useNarrow.ts';
import { Dialogs } from './dialogs/Dialogs.tsx';
import { PromptDock } from './dock/PromptDock.tsx';
import { EmptyState } from './empty/EmptyState.tsx';
import { OpenAnywhere } from './empty/OpenAnywhere.tsx';
import { Busy } from './feedback/Busy.tsx';
import { ErrorBar } from './feedback/ErrorBar.tsx';
import { LiveRegion } from './feedback/LiveRegion.tsx';
import { NoticesSlot } from './feedback/NoticesSlot.tsx';
import { StorageWarning } from './feedback/StorageWarning.tsx';
import { LayerAtWork } from './layers/LayerAtWork.tsx';
import { useLayerTarget } from './layers/useLayerTarget.ts';
import { loadLanguage } from './messages/language.ts';
import { PlanShown } from './PlanShown.tsx';
import { SideSlot } from './SideSlot.tsx';
import { OptionsBar } from './tools/OptionsBar.tsx';
import { ToolRail } from './tools/ToolRail.tsx';
import { TopBar } from './topbar/TopBar.tsx';
import { ResultsTray } from './tray/ResultsTray.tsx';
import { UnfinishedPicture } from './tray/UnfinishedPicture.tsx';
import { useAnnouncements } from './useAnnouncements.ts';
import { useFrame } from './useFrame.ts';
import { useLeaveGuard } from './useLeaveGuard.ts';
import { usePreviewFit } from './usePreviewFit.ts';
import { useResultInView } from './useResultInView.ts';
import { useService } from './useService.ts';
import { useShortcuts } from './useShortcuts.ts';

interface AppProps {
  readonly app: App;
  /** Fills the whole window, below the panels. */
  readonly canvas: ReactNode;
}

/** The window: the canvas from edge to edge, and the panels that float over it. */
export function AppView({ app, canvas }: AppProps) {
  return (
    <AppContext value={app}>
      <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
        <Shell canvas={canvas} />
      </Tooltip.Provider>
    </AppContext>
  );
}

function usePageAttributes({ preferences }: App) {
  const language = useLanguage();
  const theme = useStore(preferences.store, (state) => state.theme);
  useEffect(() => {
    document.documentElement.lang = language;
    void loadLanguage(language);
  }, [language]);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}

function Shell({ canvas }: { readonly canvas: ReactNode }) {
  const app = useApp();
  const narrow = useNarrow();
  const nothing = useEditor((state) => state.document === null);
  const previewing = useJobs((state) => state.selected !== null);
  // In a small window the ways to begin need the room that the tools take.
  const roomForTools = !narrow || !nothing || previewing;
  useShortcuts(app);
  useAnnouncements(app);
  useFrame(app);
  useLayerTarget(app);
  useLeaveGuard(app);
  usePageAttributes(app);
  usePreviewFit(app);
  useResultInView(app);
  useService(app);
  return (
    <>
      <main className="canvas-slot">{canvas}</main>
      {nothing && !previewing && <EmptyState />}
      <div className="chrome">
        <TopBar />
        {roomForTools && (
          <div className="options-place">
            <OptionsBar />
            <LayerAtWork />
          </div>
        )}
        {!narrow && (
          <div className="rail-place">
            <ToolRail />
          </div>
        )}
        <div className="bottom">
          <Busy />
          <StorageWarning />
          <ErrorBar />
          <UnfinishedPicture />
          <ResultsTray />
          <PromptDock />
          {narrow && roomForTools && <ToolRail />}
        </div>
        <SideSlot />
      </div>
      <PlanShown />
      <OpenAnywhere />
      <NoticesSlot />
      <LiveRegion />
      <Dialogs />
    </>
  );
}
