import { CodecError } from '../../codec/codecError.ts';
import type { App } from '../app.ts';
import { failureOf } from './failure.ts';
import { saveFile } from './saveFile.ts';

/** Encodes and saves a file, with a way to stop and an error that is seen. Never rejects. */
export async function writeFile(
  { ui }: App,
  name: string,
  encode: (signal: AbortSignal) => Promise<Blob>,
): Promise<void> {
  const controller = new AbortController();
  const busy = { key: 'export.busy', params: { name }, cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const file = await encode(controller.signal);
    if (controller.signal.aborted) return;
    saveFile(file, name);
    ui.announce('export.done', { name });
  } catch (error) {
    if (controller.signal.aborted) return;
    const unwritable = error instanceof CodecError && error.code === 'unwritable';
    ui.fail(unwritable ? failureOf(error) : { ...failureOf(error), code: 'export' });
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}
