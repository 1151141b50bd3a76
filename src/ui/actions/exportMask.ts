import type { MaskEncoding } from '../../raster/maskPng.ts';
import type { App } from '../app.ts';
import { maskFileName } from './fileNames.ts';
import { writeFile } from './writeFile.ts';

/** PNG of exactly the frame's size, white where erased; `dual` is transparent there, too. */
export async function exportMask(app: App, encoding: MaskEncoding = 'dual') {
  const document = app.editor.document();
  if (!document) return;
  const { frame, picture } = document;
  await writeFile(app, maskFileName(document.name, encoding), (signal) =>
    app.codec.encodeMask(signal, document.mask, document.frame, document.picture, encoding),
  );
  const isPicture = frame.width === picture.width && frame.height === picture.height;
  if (frame.x !== 0 || frame.y !== 0 || !isPicture) {
    app.ui.notify('export.mask.place', {
      size: `${frame.width} × ${frame.height}`,
      corner: `${-frame.x}, ${-frame.y}`,
    });
  }
}
