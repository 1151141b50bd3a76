import type { App } from '../app.ts';
import { type Sample, samplePath } from '../empty/samples.ts';
import { translatorFor } from '../messages/language.ts';
import { openBlob } from './openFiles.ts';
import { findService } from './service.ts';

/** Never rejects. */
export async function openSample(app: App, sample: Sample): Promise<void> {
  try {
    const response = await fetch(samplePath(sample));
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    await openBlob(app, await response.blob(), translatorFor('en')(`sample.${sample}`));
  } catch {
    app.ui.fail({ code: 'server_unreachable', detail: '' });
    void findService(app, new AbortController().signal);
  }
}
