import type { LiveDraft } from '../../editor/liveDraft.ts';
import { isPassing } from '../../editor/session.ts';
import { type PixelRect, pixelRect, sameRect } from '../../geometry/rect.ts';
import { maskPlace, scaledPlace } from '../../raster/framePlace.ts';
import type { App } from '../app.ts';
import type { FoundMask, Saying } from '../state/ui.ts';
import { failureOf } from './failure.ts';
import { focusStage } from './focus.ts';

/** Reading another mask stops one that is still being read. */
let reading = new AbortController();

/** What was on the clipboard has no name. */
const called = (name: string) => name || ({ key: 'import.clipboard.name' } as const);

/** Runs `work` with words and a way to stop; a failure is shown and nothing is changed. */
async function busyWith({ ui }: App, name: string, work: (signal: AbortSignal) => Promise<void>) {
  reading.abort();
  const controller = new AbortController();
  reading = controller;
  const busy = {
    key: 'import.busy',
    params: { name: called(name) },
    cancel: () => controller.abort(),
  } as const;
  ui.setBusy(busy);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) ui.fail(failureOf(error));
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}

/** Reads a picture as a mask and previews it; one of another size is asked about first. Never rejects. */
export async function importMask(app: App, blob: Blob, name: string): Promise<void> {
  const { codec, editor, ui } = app;
  const { id } = editor.document() ?? {};
  if (id === undefined) return ui.fail({ code: 'no_picture', detail: '' });
  let found: FoundMask | null = null;
  let exact = false;
  await busyWith(app, name, async (signal) => {
    const file = await codec.readMask(signal, blob);
    const document = editor.document();
    if (document?.id !== id || signal.aborted) return;
    const { frame, picture } = document;
    const place = maskPlace(file.size, file.place, frame, picture);
    exact = place !== null;
    found = {
      id: crypto.randomUUID(),
      documentId: id,
      name,
      blob,
      file,
      rect: place ?? scaledPlace(file.size, frame, picture),
    };
  });
  if (!found) return;
  ui.dismissError();
  if (exact) await previewMask(app, found);
  else ui.setDialog({ kind: 'scale-mask', found });
}

/** Shows what a mask would do to the one that is there. Never rejects. */
export async function previewMask(app: App, found: FoundMask): Promise<void> {
  const { blending, codec, draft, editor, session, ui } = app;
  const { size, mask } = found.file;
  await busyWith(app, found.name, async (signal) => {
    const own: PixelRect = pixelRect(0, 0, size.width, size.height);
    const placed = sameRect(own, found.rect) ? mask : await codec.scaleMask(signal, mask, own, found.rect);
    await blending.settle();
    // Reading takes a while; who paints meanwhile finishes the stroke.
    await strokeEnded(draft);
    if (editor.document()?.id !== found.documentId || signal.aborted) return;
    session.setLayer(null);
    ui.setPanel({ kind: 'import-mask', found, mask: placed });
    ui.announce('import.read', { name: called(found.name), width: size.width, height: size.height });
  });
}

function strokeEnded(draft: LiveDraft): Promise<void> {
  if (!draft.current()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = draft.subscribe(() => {
      if (draft.current()) return;
      end();
      resolve();
    });
  });
}

/** While a mask is previewed one looks around; a brush would paint on what is not there yet. Gives the way back. */
export function onlyLook({ session }: App): () => void {
  const { tool } = session.store.getState();
  session.setTool('hand');
  return () => {
    if (session.store.getState().tool === 'hand') session.setTool(isPassing(tool) ? 'erase' : tool);
  };
}

/** One undoable step. Never rejects. */
export async function applyImport({ modifying, ui }: App): Promise<void> {
  const applied = await modifying.apply();
  focusStage();
  if (applied && !applied.changed) ui.announce('import.same');
}

export function cancelImport({ modifying, ui }: App): void {
  modifying.drop();
  focusStage();
  ui.announce('import.cancelled');
}

/** What is said of a mask's file; the first is what it was read from. */
export function factsOf({ file: { kind, cleaned, size, place }, rect }: FoundMask): readonly Saying[] {
  const facts: Saying[] = [{ key: `import.kind.${kind}` }];
  if (cleaned) facts.push({ key: 'import.cleaned' });
  if (size.width !== rect.width || size.height !== rect.height) facts.push({ key: 'import.scaled' });
  else if (place && (rect.x !== 0 || rect.y !== 0))
    facts.push({ key: 'import.placed', params: { corner: `${rect.x}, ${rect.y}` } });
  return facts;
}
