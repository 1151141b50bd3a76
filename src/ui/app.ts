import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ImagesClient } from '../api/client.ts';
import type { Edges } from '../canvas/stageControl.ts';
import type { Codec } from '../codec/bridge.ts';
import type { Editor, EditorState } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session, SessionState } from '../editor/session.ts';
import type { ClientPoint, ImagePoint } from '../geometry/spaces.ts';
import type { Blending, BlendingState } from '../jobs/blending.ts';
import type { JobsState } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Modifying } from '../jobs/modifying.ts';
import type { Placing } from '../jobs/placing.ts';
import type { ImageService } from '../jobs/ports.ts';
import type { Spending } from '../jobs/spending.ts';
import type { Autosave } from '../persistence/autosave.ts';
import type { Library } from '../persistence/library.ts';
import type { Preferences } from '../persistence/preferences.ts';
import { type Language, resolveLanguage, translators } from './messages/language.ts';
import type { Translate } from './messages/translate.ts';
import type { Proxies } from './proxies.ts';
import type { Ui, UiState } from './state/ui.ts';

/** What the canvas offers to buttons and keys. */
export interface StageControl {
  /** Shows the whole document between the panels, with room around it while its frame is being changed. */
  fit(): void;
  /** Document px that lie between the panels. */
  inSight(): Edges;
  /** One document px on one device px, around the centre. */
  actualSize(): void;
  /** Around the centre. */
  zoomBy(factor: number): void;
  imageToClient(point: ImagePoint): ClientPoint;
  clientToImage(point: ClientPoint): ImagePoint;
}

/** Everything that `main.tsx` builds; components reach it through the context, actions take it as a parameter. */
export interface App {
  readonly editor: Editor;
  readonly session: Session;
  readonly draft: LiveDraft;
  readonly jobs: Jobs;
  readonly blending: Blending;
  readonly modifying: Modifying;
  readonly spending: Spending;
  readonly placing: Placing;
  readonly codec: Codec;
  readonly client: ImagesClient;
  /** Fetches the embedded engine of this browser. */
  readonly embedded: () => Promise<ImageService>;
  readonly library: Library;
  readonly autosave: Autosave;
  readonly preferences: Preferences;
  readonly stage: StageControl;
  readonly ui: Ui;
  readonly proxies: Proxies;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('There is no App above this component.');
  return app;
}

export const useEditor = <T>(select: (state: EditorState) => T): T => useStore(useApp().editor.store, select);
export const useSession = <T>(select: (state: SessionState) => T): T =>
  useStore(useApp().session.store, select);
export const useJobs = <T>(select: (state: JobsState) => T): T => useStore(useApp().jobs.store, select);
export const useBlending = <T>(select: (state: BlendingState) => T): T =>
  useStore(useApp().blending.store, select);
export const useUi = <T>(select: (state: UiState) => T): T => useStore(useApp().ui.store, select);

export function useLanguage(): Language {
  const { preferences } = useApp();
  return resolveLanguage(
    useStore(preferences.store, (state) => state.language),
    navigator.languages,
  );
}

export function useTranslate(): Translate {
  const language = useLanguage();
  return useStore(translators, (loaded) => loaded[language] ?? loaded.en);
}
