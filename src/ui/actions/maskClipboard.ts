import type { App } from '../app.ts';
import { importMaskFile } from './maskFiles.ts';

/** What a browser answers when it may not, or when the page is not allowed to ask. */
const isRefusal = (error: unknown) => error instanceof DOMException && error.name === 'NotAllowedError';

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The mask as black and white, white where it is erased: clipboards, and what takes pictures from them, mostly drop
 * transparency. Never rejects.
 */
export async function copyMask({ codec, editor, ui }: App): Promise<void> {
  const document = editor.document();
  if (!document) return;
  if (!navigator.clipboard?.write) return ui.fail({ code: 'clipboard_unavailable', detail: '' });
  const controller = new AbortController();
  const busy = { key: 'copy.mask.busy', cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const { mask, frame, picture } = document;
    // A promise in the item, because some browsers only take it within the click.
    const png = codec.encodeMask(controller.signal, mask, frame, picture, 'white-edit');
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    ui.notify('copy.mask.done');
    ui.announce('copy.mask.done');
  } catch (error) {
    if (controller.signal.aborted) return;
    ui.fail(
      isRefusal(error)
        ? { code: 'clipboard_refused', detail: '' }
        : { code: 'export', detail: wordsOf(error) },
    );
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}

/** Never rejects. */
export async function pasteMask(app: App): Promise<void> {
  const { ui, editor } = app;
  if (!editor.document()) return ui.fail({ code: 'no_picture', detail: '' });
  if (!navigator.clipboard?.read) return ui.fail({ code: 'clipboard_unavailable', detail: '' });
  try {
    const picture = await pictureOnClipboard();
    if (!picture) return ui.fail({ code: 'clipboard_empty', detail: '' });
    await importMaskFile(app, picture, '');
  } catch (error) {
    ui.fail(
      isRefusal(error)
        ? { code: 'clipboard_refused', detail: '' }
        : { code: 'unknown', detail: wordsOf(error) },
    );
  }
}

async function pictureOnClipboard(): Promise<Blob | null> {
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((candidate) => candidate.startsWith('image/'));
    if (type) return item.getType(type);
  }
  return null;
}
