import type { App } from '../app.ts';
import { shownStack } from '../shown.ts';
import { holeFileName, pictureFileName } from './fileNames.ts';
import { writeFile } from './writeFile.ts';

/** The picture as it is seen, a previewed result included, at full size. */
export async function downloadPicture(app: App) {
  const { exportFormat: format, exportMetadata: metadata } = app.preferences.store.getState();
  const document = app.editor.document();
  const stack = shownStack(document, app.jobs.waiting(), app.jobs.store.getState().selected);
  if (!stack) return;
  await writeFile(app, pictureFileName(document?.name ?? '', format), (signal) =>
    app.codec.encodePicture(signal, stack, { format: `image/${format}`, metadata, recipe: null }),
  );
}

/** The picture with transparency where it is erased; the colours below stay in the file. */
export async function exportHole(app: App) {
  const document = app.editor.document();
  if (!document) return;
  const { exportMetadata } = app.preferences.store.getState();
  await writeFile(app, holeFileName(document.name), (signal) =>
    app.codec.encodeHole(signal, document, document.mask, exportMetadata),
  );
}
