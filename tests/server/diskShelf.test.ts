import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDiskShelf } from '../../server/jobs/diskShelf.ts';

const HOUR = 60 * 60_000;

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'lacuna-shelf-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('what was put there is there for another process, until it expires', async () => {
  const path = await folder();
  const first = await createDiskShelf(path, 1e6);
  await first.put('result/a', Buffer.from('lasting'), HOUR);
  await first.put('result/b', Buffer.from('gone'), -1);
  const second = await createDiskShelf(path, 1e6);
  expect((await second.get('result/a'))?.toString()).toBe('lasting');
  expect(await second.get('result/b')).toBeNull();
  expect(await readdir(path)).toHaveLength(1);
});

test('of many at once one claims a name, and the others see what it put there', async () => {
  const shelf = await createDiskShelf(await folder(), 1e6);
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, i) => shelf.claim('job/x', Buffer.from(`${i}`), HOUR)),
  );
  expect(claims.filter((there) => there === null)).toHaveLength(1);
  const winner = String(claims.indexOf(null));
  for (const there of claims) if (there) expect(there.toString()).toBe(winner);
});

test('a swap needs what is there', async () => {
  const shelf = await createDiskShelf(await folder(), 1e6);
  await shelf.put('job/x', Buffer.from('one'), HOUR);
  expect(await shelf.swap('job/x', Buffer.from('other'), Buffer.from('two'), HOUR)).toBe(false);
  expect(await shelf.swap('job/x', Buffer.from('one'), Buffer.from('two'), HOUR)).toBe(true);
  expect((await shelf.get('job/x'))?.toString()).toBe('two');
});

test('only what is still there is removed', async () => {
  const shelf = await createDiskShelf(await folder(), 1e6);
  await shelf.put('job/x', Buffer.from('one'), HOUR);
  await shelf.remove('job/x', Buffer.from('other'));
  expect((await shelf.get('job/x'))?.toString()).toBe('one');
  await shelf.remove('job/x', Buffer.from('one'));
  expect(await shelf.get('job/x')).toBeNull();
});

test('beyond the budget pictures by URL go first, then the oldest results, never records of jobs', async () => {
  const shelf = await createDiskShelf(await folder(), 1000);
  const bytes = Buffer.alloc(300);
  await shelf.put('job/a', bytes, HOUR);
  await shelf.put('result/old', bytes, HOUR);
  await shelf.put('result/new', bytes, HOUR + 1000);
  await shelf.put('file/one.png', bytes, 2 * HOUR);
  await shelf.put('result/newest', bytes, HOUR + 2000);
  const there = async (name: string) => (await shelf.get(name)) !== null;
  expect(await there('file/one.png')).toBe(false);
  expect(await there('result/old')).toBe(true);
  await shelf.put('result/latest', bytes, HOUR + 3000);
  expect(await there('result/old')).toBe(false);
  expect(await there('result/latest')).toBe(true);
  expect(await there('job/a')).toBe(true);
});

test('what else lies in the folder is left alone, and nobody else may read what is ours', async () => {
  const path = await folder();
  await mkdir(join(path, 'letters'));
  await writeFile(join(path, 'thesis.docx'), 'years of work');
  const long = new Date(Date.now() - 100 * HOUR);
  await utimes(join(path, 'thesis.docx'), long, long);
  const shelf = await createDiskShelf(path, 10);
  await shelf.put('result/a', Buffer.alloc(100), HOUR);
  expect((await readdir(path)).filter((name) => !name.includes('-')).sort()).toEqual([
    'letters',
    'thesis.docx',
  ]);
  await shelf.put('job/a', Buffer.from('x'), HOUR);
  const record = (await readdir(path)).find((name) => name.startsWith('job-')) ?? '';
  if (process.platform !== 'win32') expect((await stat(join(path, record))).mode & 0o077).toBe(0);
});
