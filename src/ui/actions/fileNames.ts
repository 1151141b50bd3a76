import type { MaskEncoding } from '../../raster/maskPng.ts';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

const endings: Readonly<Record<PictureFormat, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

/** Characters that some file system does not take, and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[<>:"/\\|?*\u0000-\u001f\u007f]+/g;

/** A file's name without its folder and ending, fit for a file system again; '' when nothing is left. */
export function baseName(fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? '';
  return name
    .replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '')
    .replace(forbidden, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 120);
}

const named = (name: string, tail: string) => `${baseName(`${name}.`) || 'picture'}-${tail}`;

export const pictureFileName = (name: string, format: PictureFormat) =>
  named(name, `lacuna.${endings[format]}`);
export const maskFileName = (name: string, encoding: MaskEncoding = 'dual') =>
  named(name, encoding === 'dual' ? 'mask.png' : 'mask-bw.png');
export const holeFileName = (name: string) => named(name, 'hole.png');
