import './randomUuid.ts';
import { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { createImagesClient } from './api/client.ts';
import { createStageControl } from './canvas/stageControl.ts';
import { createCodec } from './codec/bridge.ts';
import { newDocument } from './editor/document.ts';
import { createEditor } from './editor/editor.ts';
import { createLiveDraft } from './editor/liveDraft.ts';
import { createSession } from './editor/session.ts';
import { createBlending } from './jobs/blending.ts';
import { createJobs } from './jobs/jobs.ts';
import { createModifying } from './jobs/modifying.ts';
import { createPlacing } from './jobs/placing.ts';
import { createSpending } from './jobs/spending.ts';
import { findSelected, layersOf } from './jobs/staging.ts';
import { createAutosave } from './persistence/autosave.ts';
import { createLibrary } from './persistence/library.ts';
import { localText } from './persistence/localText.ts';
import { createPreferences, type PreferencesState } from './persistence/preferences.ts';
import { rememberBrush } from './persistence/rememberBrush.ts';
import { slowly } from './slowly.ts';
import type { Placement } from './tools/tool.ts';
import { AppView } from './ui/App.tsx';
import { failureOf } from './ui/actions/failure.ts';
import type { App } from './ui/app.ts';
import { loadLanguage, resolveLanguage } from './ui/messages/language.ts';
import { createProxies } from './ui/proxies.ts';
import { shownFrame } from './ui/shown.ts';
import { stageInsets } from './ui/stageInsets.ts';
import { createUi } from './ui/state/ui.ts';
import { createWindowLacuna } from './windowLacuna.ts';

// Konva and its renderer are a third of all script: they are fetched beside the first paint, not before it.
const StageSlot = lazy(async () => ({ default: (await import('./ui/StageSlot.tsx')).StageSlot }));

const editor = createEditor({ slowly: (steps, done) => void slowly(steps).then(done) });
const session = createSession();
const ui = createUi();
const codec = createCodec();
const report = (error: unknown) => ui.fail(failureOf(error));
const draft = createLiveDraft(editor, session);
const placing = createPlacing({ editor, codec });
const place: Placement = {
  rectOf: placing.rectOf,
  set: (id, rect) => void placing.set(id, rect).catch(report),
};
const preferences = createPreferences();
rememberBrush(session, preferences);
const keepBudget = ({ historyBudget }: PreferencesState) =>
  editor.setBudget(Number(historyBudget) * 1024 ** 2);
keepBudget(preferences.store.getState());
preferences.store.subscribe((state, before) => {
  if (state.historyBudget !== before.historyBudget) keepBudget(state);
});
const library = createLibrary();
const client = createImagesClient();
const embedded = () => import('./embedded/engine.ts');
const proxies = createProxies();

const ledger = localText('lacuna.spending');
const spending = createSpending({ load: ledger.read, save: ledger.write, now: () => new Date() });

const jobs = createJobs({
  editor,
  session,
  codec,
  client,
  embedded,
  spending,
  capabilities: async (signal) => {
    const { service } = ui.store.getState();
    return service.state === 'ready' ? service.capabilities : client.capabilities(signal);
  },
  openPicture: (image, { ask }) => {
    const name = ask.prompt.trim().split(/\s+/).slice(0, 6).join(' ') || 'picture';
    editor.open(newDocument({ id: crypto.randomUUID(), name, picture: image }));
    session.setAsk({ mode: 'edit' });
    session.setResultInView(false);
    stage.fit();
  },
  keepForLater: async (group) => {
    await autosave.keepForLater(group);
    if (group.snapshot) ui.notify('job.waitsElsewhere', { name: group.snapshot.name });
  },
  stored: () => autosave.flush(),
  pending: {
    put: (pending) => autosave.pending.put(pending),
    remove: (pending) => autosave.pending.remove(pending),
  },
  unfinished: () => preferences.store.getState().unfinished,
});

const blending = createBlending({
  editor,
  codec,
  layersOfResult: (selection) => {
    const found = findSelected(jobs.waiting(), selection);
    return found && layersOf(found.result, editor.document());
  },
  onError: report,
});

const modifying = createModifying({
  editor,
  draft,
  modify(signal, mask, frame, wish) {
    if (wish.kind !== 'import') return codec.operateMask(signal, mask, frame, wish);
    const { mask: given, rect, flipped, way } = wish;
    return codec.combineMasks(signal, mask, given, { rect, flipped, way, frame });
  },
  onError: report,
});

const autosave = createAutosave({
  editor,
  session,
  jobs,
  library,
  codec: {
    ...codec,
    open: async (signal, blob, id) => proxies.offer(await codec.open(signal, blob, id)),
  },
});

const stage = createStageControl({
  session,
  frame: () => shownFrame({ editor, jobs }),
  insets: (width, height) => stageInsets(width, height, session.store.getState().tool),
});

const app: App = {
  editor,
  session,
  draft,
  jobs,
  blending,
  modifying,
  spending,
  placing,
  codec,
  client,
  embedded,
  library,
  autosave,
  preferences,
  stage,
  ui,
  proxies,
};

Object.defineProperty(window, 'lacuna', { value: createWindowLacuna(editor, stage) });

// The page is drawn in its language at once.
await loadLanguage(resolveLanguage(preferences.store.getState().language, navigator.languages));

createRoot(document.getElementById('root')!).render(
  <AppView
    app={app}
    canvas={
      <Suspense>
        <StageSlot place={place} takeProxy={proxies.take} />
      </Suspense>
    }
  />,
);

// This tab's document comes back after a reload.
autosave.restoreTab().then((restored) => {
  if (restored) stage.fit();
}, report);
