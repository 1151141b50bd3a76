import type { App } from '../app.ts';
import { shownStack } from '../shown.ts';
import { holeFileName, type PictureFormat, pictureFileName } from './fileNames.ts';
import { writeFile } from './writeFile.ts';

/** The picture as it is seen, a previewed result included, at full size. */
export async function downloadPicture(app: App, format: PictureFormat = app.ui.store.getState().format) {
  await app.blending.settle();
  const document = app.editor.document();
  const stack = shownStack(document, app.jobs.waiting(), app.jobs.store.getState().selected);
  if (!stack) return;
  app.ui.setFormat(format);
  await writeFile(app, pictureFileName(document?.name ?? '', format), (signal) =>
    app.codec.encodePicture(signal, stack, `image/${format}`),
  );
}

/** The picture with transparency where it is erased; the colours below stay in the file. */
export async function exportHole(app: App) {
  const document = app.editor.document();
  if (!document) return;
  await writeFile(app, holeFileName(document.name), (signal) =>
    app.codec.encodeHole(signal, document, document.mask),
  );
}
