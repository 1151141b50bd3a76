import { expect, test } from 'vitest';
import { ensureBuilt, firstLoad } from '../../server/build.ts';

test('at most 220 kB of script (gzip) before the first picture can be opened', async () => {
  await ensureBuilt();
  const { scripts, gzipBytes } = firstLoad();
  expect(scripts.length).toBeGreaterThan(0);
  expect(gzipBytes).toBeLessThanOrEqual(220_000);
});
