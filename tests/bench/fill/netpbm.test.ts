import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseNetpbm, writeNetpbm } from './netpbm.ts';

test('what is written is read again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netpbm-'));
  const path = join(folder, 'a.ppm');
  const picture = { width: 2, height: 1, rgb: Uint8Array.of(10, 32, 35, 0, 255, 9) };
  writeNetpbm(path, picture);
  const file = readFileSync(path);
  rmSync(folder, { recursive: true });
  expect(parseNetpbm(file)).toEqual(picture);
  expect(() => parseNetpbm(file.subarray(0, -1))).toThrow('too early');
});

test('comments in a head are skipped; 16 bits are refused', () => {
  const file = (head: string) => Buffer.concat([Buffer.from(head), Buffer.from([35, 10, 3])]);
  expect(parseNetpbm(file('P6\n# made 2 by 3\n1 1\n255\n')).rgb).toEqual(Uint8Array.of(35, 10, 3));
  expect(() => parseNetpbm(file('P6\n1 1\n65535\n'))).toThrow('not a binary PPM');
});
