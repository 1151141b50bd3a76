import type { App } from '../app.ts';
import { maskFileName } from './fileNames.ts';
import { writeFile } from './writeFile.ts';

/** PNG of exactly the frame's size: white and transparent where erased, black and opaque where kept. */
export async function exportMask(app: App) {
  const document = app.editor.document();
  if (!document) return;
  await writeFile(app, maskFileName(document.name), (signal) =>
    app.codec.encodeMask(signal, document.mask, document.frame, document.picture),
  );
}
