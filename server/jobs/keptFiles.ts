import { randomBytes } from 'node:crypto';
import type { ImageMime } from '../providers/provider.ts';

export interface KeptFile {
  readonly data: Uint8Array;
  readonly mime: ImageMime;
}

/** Pictures that were asked for by URL, in memory, until they expire or newer ones need the room. */
export interface KeptFiles {
  /** File names that cannot be guessed. The pictures of one call are kept together even beyond the budget. */
  keep(files: readonly KeptFile[]): string[];
  get(name: string): KeptFile | null;
  clear(): void;
}

export function createKeptFiles(budgetBytes: number, lifetimeMs: number): KeptFiles {
  // A Map iterates in order of insertion: the first is the oldest.
  const kept = new Map<string, { file: KeptFile; expiry: NodeJS.Timeout }>();
  let bytes = 0;

  function drop(name: string): void {
    const entry = kept.get(name);
    if (!entry) return;
    clearTimeout(entry.expiry);
    bytes -= entry.file.data.length;
    kept.delete(name);
  }

  return {
    keep(files) {
      const incoming = files.reduce((sum, file) => sum + file.data.length, 0);
      for (const name of kept.keys()) {
        if (bytes + incoming <= budgetBytes) break;
        drop(name);
      }
      return files.map((file) => {
        const name = `${randomBytes(24).toString('base64url')}.${file.mime.slice('image/'.length)}`;
        const expiry = setTimeout(() => drop(name), lifetimeMs).unref();
        kept.set(name, { file, expiry });
        bytes += file.data.length;
        return name;
      });
    },
    get: (name) => kept.get(name)?.file ?? null,
    clear: () => [...kept.keys()].forEach(drop),
  };
}
