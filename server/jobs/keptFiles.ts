import { randomBytes } from 'node:crypto';
import type { ImageMime } from '../providers/provider.ts';
import type { Shelf } from './shelf.ts';

export interface KeptFile {
  readonly data: Uint8Array;
  readonly mime: ImageMime;
}

/** Pictures that were asked for by URL. */
export interface KeptFiles {
  /** File names that cannot be guessed. */
  keep(files: readonly KeptFile[]): Promise<string[]>;
  get(name: string): Promise<KeptFile | null>;
}

const NAME = /^[\w-]{32}\.(png|jpeg|webp)$/;

export function createKeptFiles(shelf: Shelf, lifetimeMs: number): KeptFiles {
  return {
    keep: (files) =>
      Promise.all(
        files.map(async ({ data, mime }) => {
          const name = `${randomBytes(24).toString('base64url')}.${mime.slice('image/'.length)}`;
          await shelf.put(`file/${name}`, data, lifetimeMs);
          return name;
        }),
      ),
    async get(name) {
      const extension = NAME.exec(name)?.[1];
      const data = extension && (await shelf.get(`file/${name}`));
      return data ? { data, mime: `image/${extension}` as ImageMime } : null;
    },
  };
}
