// Draws the picture at the top of the README: the real app, with the embedded engine, on a sample picture.
// Run it with `node tests/samples/readmePicture.ts` after a change of the interface.
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { startApp } from '../app.ts';
import { LacunaPage } from '../browser/lacunaPage.ts';
import { launchBrowser } from '../browser.ts';

const target = fileURLToPath(new URL('../../.github/lacuna.webp', import.meta.url));

const app = await startApp();
const browser = await launchBrowser();
const lacuna = await LacunaPage.open(browser, app.url, { viewport: { width: 1360, height: 850 } });
const { page } = lacuna;
await page.getByRole('button', { name: 'Seaside at dusk' }).click();
await lacuna.ready();
await lacuna.setBrush(120);
// The sailing boat in front, in px of the sample.
await lacuna.stroke([
  { x: 905, y: 520 },
  { x: 860, y: 620 },
  { x: 950, y: 620 },
  { x: 980, y: 710 },
  { x: 840, y: 710 },
  { x: 810, y: 790 },
  { x: 1000, y: 790 },
  { x: 960, y: 870 },
  { x: 840, y: 870 },
  { x: 900, y: 920 },
]);
await lacuna.test('prompt').fill('A calm sea at dusk, a lighthouse on the rocks, one small sail far out');
await page.getByTestId('settings').click();
for (let k = 1; k < 3; k++) await page.getByRole('button', { name: 'One more' }).click();
await page.keyboard.press('Escape');
await lacuna.test('run').click();
await lacuna.test('result-2').waitFor({ timeout: 120_000 });
await page.getByText('0 pixels changed outside the mask').first().waitFor();
await page.waitForTimeout(600);
await sharp(await page.screenshot())
  .webp({ quality: 82 })
  .toFile(target);
await browser.close();
await app.stop();
