import { touchedBy } from '../../editor/layer.ts';
import type { App } from '../app.ts';
import { recipeOf } from '../recipe.ts';
import { type LayeredPicture, shownStack } from '../shown.ts';
import { holeFileName, type PictureFormat, pictureFileName } from './fileNames.ts';
import { writeFile } from './writeFile.ts';

/** The picture as it is seen, a previewed result included, at full size. @param wanted instead of the chosen format */
export async function downloadPicture(app: App, wanted?: PictureFormat) {
  await app.blending.settle();
  const { exportFormat, exportMetadata: metadata } = app.preferences.store.getState();
  const format = wanted ?? exportFormat;
  const document = app.editor.document();
  const stack = shownStack(document, app.jobs.waiting(), app.jobs.store.getState().selected);
  if (!stack) return;
  const name = document?.name ?? '';
  await writeFile(app, pictureFileName(name, format), async (signal) => {
    const tells = format === 'png' && metadata !== 'none';
    const recipe = tells ? recipeOf(stack, name, await changedOutside(app, signal, stack)) : null;
    return app.codec.encodePicture(signal, stack, { format: `image/${format}`, metadata, recipe });
  });
}

/** Pixels of the picture that differ although no layer lies over them. */
async function changedOutside({ codec }: App, signal: AbortSignal, stack: LayeredPicture): Promise<number> {
  const touched = touchedBy(stack.layers);
  const { outside } = await codec.countChanges(signal, { ...stack, layers: [] }, stack, touched, touched);
  return outside;
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
