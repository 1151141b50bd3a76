import { startApp } from './app.ts';
import { launchBrowser } from './browser.ts';
import { readFileSync } from 'node:fs';
import { LacunaPage } from './browser/lacunaPage.ts';
const app = await startApp();
const browser = await launchBrowser();
try {
  const sizes = (process.argv[2] ?? '1440x900,900x900,390x844').split(',').map((s) => s.split('x').map(Number));
  for (const [width, height] of sizes) for (const theme of ['light', 'dark'] as const) {
    const touch = width! < 500;
    const l = await LacunaPage.open(browser, app.url, { viewport: { width: width!, height: height! }, colorScheme: theme, hasTouch: touch, isMobile: touch, deviceScaleFactor: touch ? 2 : 1 });
    await l.openPicture('lake.webp', readFileSync(process.env.PIC!), 'image/webp').catch(() => l.ready());
    const shot = (n: string) => l.page.screenshot({ path: `/tmp/d/${n}-${width}-${theme}.png` });
    const doc = (await l.document())!;
    const { width: w, height: h } = doc.frame;
    await l.stroke([{ x: w * .5, y: h * .5 }, { x: w * .7, y: h * .6 }]);
    await l.test('tool-frame').click();
    await l.page.waitForTimeout(500);
    await shot('a-chosen');
    const drag = async (from: any, to: any, up = true) => {
      const [a, b] = await l.toClient([from, to]);
      await l.page.mouse.move(a!.x, a!.y); await l.page.mouse.down();
      await l.page.mouse.move((a!.x + b!.x) / 2, (a!.y + b!.y) / 2); await l.page.mouse.move(b!.x, b!.y);
      if (up) await l.page.mouse.up();
    };
    await drag({ x: w, y: h / 2 }, { x: w * 1.11, y: h / 2 }, false);
    await l.page.waitForTimeout(200);
    await shot('b-dragging');
    await l.page.mouse.up();
    await l.page.waitForTimeout(500);
    await shot('c-grown');
    await l.page.getByTestId('frame-left').fill('-300');
    await l.page.waitForTimeout(200);
    await shot('d-typed');
    await l.page.getByTestId('frame-left').press('Enter');
    await l.page.waitForTimeout(600);
    await l.page.getByTestId('frame-aspect').click();
    await l.page.waitForTimeout(200);
    await shot('e-aspects');
    await l.page.getByTestId('aspect-16:9').click();
    await l.page.waitForTimeout(600);
    await shot('f-16-9');
    await l.page.getByTestId('aspect-crop').click();
    await l.page.getByTestId('aspect-1:1').click();
    await l.page.keyboard.press('Escape');
    await l.page.waitForTimeout(600);
    await shot('g-crop');
    await l.test('tool-erase').click();
    await l.page.waitForTimeout(600);
    await shot('h-cropped-erase');
    if (l.errors().length) console.log(l.errors());
    await l.close();
  }
} finally { await browser.close(); await app.stop(); }
