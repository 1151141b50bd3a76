import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shelf } from './shelf.ts';

const SWEEP_MS = 10 * 60_000;
/** Half-written files of a process that was killed. */
const LEFTOVER = /^\.writing-[0-9a-f-]{36}$/;
/** Whatever else somebody put into the directory is theirs. */
const OURS = /^[a-z]+-[0-9a-f]{64}$/;
/** What would be paid for again is not given up for room; pictures are. Those by URL were delivered, and go first. */
const LASTING = /^job-/;
const DELIVERED = /^file-/;

/**
 * A shelf in a directory of its own, of files that only this user may read. A file's name is its kind and a hash, its
 * time of change is its expiry. Pictures beyond `budgetBytes` go, the oldest first, as soon as a tenth of it has come anew. Rejects when the directory cannot be
 * made.
 */
export async function createDiskShelf(directory: string, budgetBytes: number): Promise<Shelf> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const placeOf = (name: string) => {
    const [kind = ''] = name.split('/', 1);
    return join(directory, `${kind}-${createHash('sha256').update(name).digest('hex')}`);
  };

  /** A whole file that lasts, not yet in its place. */
  async function write(bytes: Uint8Array, lifetimeMs: number): Promise<string> {
    const path = join(directory, `.writing-${randomUUID()}`);
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      const expiry = new Date(Date.now() + lifetimeMs);
      await file.utimes(expiry, expiry);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  async function read(path: string): Promise<Buffer | null> {
    try {
      if ((await stat(path)).mtimeMs > Date.now()) return await readFile(path);
      await rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return null;
  }

  /** Bytes put there since the last sweep. */
  let unswept = 0;

  const shelf: Shelf = {
    exclusive: true,
    get: (name) => read(placeOf(name)),
    async put(name, bytes, lifetimeMs) {
      await rename(await write(bytes, lifetimeMs), placeOf(name));
      unswept += bytes.length;
      if (unswept > budgetBytes / 10) await sweep(false);
    },
    async claim(name, bytes, lifetimeMs) {
      const path = placeOf(name);
      const written = await write(bytes, lifetimeMs);
      try {
        for (;;) {
          try {
            // Unlike a rename this fails where the name is taken.
            await link(written, path);
            return null;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
            const there = await read(path);
            if (there) return there;
          }
        }
      } finally {
        await rm(written, { force: true });
      }
    },
    async swap(name, from, bytes, lifetimeMs) {
      const there = await shelf.get(name);
      if (!there?.equals(from)) return false;
      await shelf.put(name, bytes, lifetimeMs);
      return true;
    },
    async remove(name, from) {
      if ((await shelf.get(name))?.equals(from)) await rm(placeOf(name), { force: true });
    },
    close: async () => clearInterval(sweeper),
  };

  async function sweep(atStart: boolean): Promise<void> {
    unswept = 0;
    const kept: { path: string; bytes: number; expiry: number; delivered: boolean }[] = [];
    for (const entry of await readdir(directory)) {
      const path = join(directory, entry);
      if (LEFTOVER.test(entry)) {
        if (atStart) await rm(path, { force: true });
        continue;
      }
      if (!OURS.test(entry)) continue;
      const file = await stat(path).catch(() => null);
      if (!file) continue;
      if (file.mtimeMs <= Date.now()) await rm(path, { force: true });
      else if (!LASTING.test(entry))
        kept.push({ path, bytes: file.size, expiry: file.mtimeMs, delivered: DELIVERED.test(entry) });
    }
    let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
    kept.sort((a, b) => Number(b.delivered) - Number(a.delivered) || a.expiry - b.expiry);
    for (const file of kept) {
      if (bytes <= budgetBytes) break;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  }
  await sweep(true);
  const sweeper = setInterval(() => void sweep(false).catch(() => {}), SWEEP_MS).unref();
  return shelf;
}
