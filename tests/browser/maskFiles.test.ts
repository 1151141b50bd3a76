import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  changedPixels,
  decode,
  draw,
  jpegOf,
  landscape,
  type Pixels,
  pngOf,
  translucent,
} from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage, type Point } from './lacunaPage.ts';

const width = 330;
const height = 270;

const app = appAndBrowser();
let picture: Pixels;
let file: Buffer;
beforeAll(async () => {
  picture = landscape(width, height);
  file = await pngOf(picture);
});

/** A disc with a soft edge, across the border of four tiles. */
const soft = Uint8Array.from({ length: width * height }, (_, i) => {
  const distance = Math.hypot((i % width) - 240, Math.floor(i / width) - 180);
  return Math.round(Math.min(1, Math.max(0, (90 - distance) / 30)) * 255);
});
const hard = soft.map((value) => (value > 127 ? 255 : 0));
const inverted = (coverage: Uint8Array) => coverage.map((value) => 255 - value);

const grey = (coverage: Uint8Array, size = { width, height }) =>
  sharp(Buffer.from(coverage), { raw: { ...size, channels: 1 } }).toColourspace('b-w');

const alphaPng = (coverage: Uint8Array) =>
  pngOf(draw(width, height, (x, y) => [(x * 7) & 255, (y * 5) & 255, 90, 255 - coverage[y * width + x]!]));

async function opened(options: Parameters<typeof LacunaPage.open>[2] = {}, source = file) {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.openPicture('picture.png', source);
  return lacuna;
}

async function choose(lacuna: LacunaPage, mask: Buffer, name = 'mask.png') {
  await lacuna.test('mask-input').setInputFiles({ name, mimeType: 'image/png', buffer: mask });
}

const previewed = (lacuna: LacunaPage) =>
  lacuna.test('import-apply').and(lacuna.page.locator(':enabled')).waitFor();

async function apply(lacuna: LacunaPage) {
  await lacuna.test('import-apply').click();
  await lacuna.test('import-panel').waitFor({ state: 'detached' });
}

async function imported(lacuna: LacunaPage, mask: Buffer, name?: string) {
  await choose(lacuna, mask, name);
  await previewed(lacuna);
  await apply(lacuna);
}

const exported = async (lacuna: LacunaPage) => {
  const { data, ...size } = await decode((await lacuna.saved('export-mask')).bytes);
  return { ...size, coverage: data.filter((_, i) => i % 4 === 0) };
};

/** How many pixels are not as expected. */
async function wrong(lacuna: LacunaPage, expected: Uint8Array, unsure: (i: number) => boolean = () => false) {
  const { coverage } = await exported(lacuna);
  expect(coverage.length).toBe(expected.length);
  return coverage.filter((value, i) => value !== expected[i] && !unsure(i)).length;
}

async function done(lacuna: LacunaPage) {
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
}

async function fromMenu(lacuna: LacunaPage, item: string) {
  await lacuna.page.getByRole('button', { name: 'Export', exact: true }).click();
  return lacuna.saved(item);
}

describe('each kind of file gives the coverage that was drawn', () => {
  const sixteen = Uint16Array.from(soft, (value) => value * 257);
  const kinds: Readonly<Record<string, [make: () => Promise<Buffer>, expected: Uint8Array]>> = {
    'transparency, whatever the colours': [() => alphaPng(soft), soft],
    'white on black': [() => grey(soft).png().toBuffer(), soft],
    'black on white, guessed from the border': [() => grey(inverted(soft)).png().toBuffer(), soft],
    'a palette of two colours': [() => grey(hard).png({ palette: true, colours: 2 }).toBuffer(), hard],
    '16 bits per channel': [
      () =>
        sharp(sixteen, { raw: { width, height, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
      soft,
    ],
    'an interlaced PNG': [() => grey(soft).png({ progressive: true }).toBuffer(), soft],
    'lossless WebP': [() => grey(soft).webp({ lossless: true }).toBuffer(), soft],
  };
  test.each(Object.keys(kinds))('%s', async (name) => {
    const [make, expected] = kinds[name]!;
    const lacuna = await opened();
    await imported(lacuna, await make());
    expect(await wrong(lacuna, expected)).toBe(0);
    await done(lacuna);
  });

  /** Within 10 px of the disc's edge, where JPEG rings. */
  const nearEdge = (i: number) =>
    Math.abs(Math.hypot((i % width) - 240, Math.floor(i / width) - 180) - 75) < 10;

  test('JPEG: noise beside black and white is gone, and said to be', async () => {
    const lacuna = await opened();
    await choose(lacuna, await grey(hard).jpeg({ quality: 55 }).toBuffer(), 'mask.jpg');
    await lacuna.page.getByText('Compression noise').waitFor();
    await apply(lacuna);
    expect(await wrong(lacuna, hard, nearEdge)).toBe(0);
    await done(lacuna);
  });

  test('complaint 20: a mask that is turned by EXIF lies upright on the picture', async () => {
    const lacuna = await opened();
    for (const orientation of [3, 6, 8]) {
      const turns = orientation > 4;
      const stored = draw(turns ? height : width, turns ? width : height, (x, y) => {
        const [u, v] =
          orientation === 3
            ? [width - 1 - x, height - 1 - y]
            : orientation === 6
              ? [width - 1 - y, x]
              : [y, height - 1 - x];
        const value = hard[v! * width + u!]!;
        return [value, value, value, 255];
      });
      await imported(lacuna, await jpegOf(stored, orientation), 'turned.jpg');
      expect(await wrong(lacuna, hard, nearEdge)).toBe(0);
    }
    await done(lacuna);
  });
});

test('a photograph is said to be none, and its brightness taken all the same', async () => {
  const lacuna = await opened();
  await choose(lacuna, await pngOf(draw(width, height, (x, y) => [x & 255, y & 255, (x * y) & 255, 255])));
  await lacuna.test('import-warning').waitFor();
  await apply(lacuna);
  expect((await lacuna.document())!.coverage).toBeGreaterThan(0.1);
  await done(lacuna);
});

test('a mask of another size waits for a yes, and is scaled smoothly', async () => {
  const lacuna = await opened();
  await imported(lacuna, await grey(hard).png().toBuffer());
  const half = { width: width / 2, height: height / 2 };
  const small = new Uint8Array(half.width * half.height).map((_, i) => (i % half.width > 100 ? 255 : 0));
  const other = await grey(small, half).png().toBuffer();
  await choose(lacuna, other);
  const question = lacuna.page.getByRole('alertdialog');
  await expect.poll(() => question.textContent()).toContain('165 × 135 px');
  await lacuna.page.getByRole('button', { name: 'Cancel' }).click();
  expect(await lacuna.test('import-panel').count()).toBe(0);
  expect(await wrong(lacuna, hard)).toBe(0);

  await choose(lacuna, other);
  await lacuna.test('confirm-scale').click();
  await previewed(lacuna);
  await apply(lacuna);
  const { coverage } = await exported(lacuna);
  // Column 100 ends at 202: half a source pixel on each side of it is the way from 0 to 255.
  expect([...coverage.subarray(198, 206)]).toEqual([0, 0, 0, 64, 191, 255, 255, 255]);

  await choose(
    lacuna,
    await grey(new Uint8Array(100 * 10), { width: 100, height: 10 })
      .png()
      .toBuffer(),
  );
  await expect.poll(() => question.textContent()).toContain('stretched');
  await done(lacuna);
});

test('a file that is none leaves everything as it was', async () => {
  const lacuna = await opened();
  await imported(lacuna, await alphaPng(soft));
  const whole = await grey(soft).png().toBuffer();
  for (const [bytes, code] of [
    [Buffer.from('no picture'), 'not-an-image'],
    [whole.subarray(0, 900), 'truncated'],
    [Buffer.alloc(0), 'empty'],
  ] as const) {
    await choose(lacuna, bytes);
    await lacuna.page.locator(`[data-testid=error][data-code=${code}]`).waitFor();
    expect(await lacuna.test('import-panel').count()).toBe(0);
  }
  expect(await wrong(lacuna, soft)).toBe(0);
  const none = await LacunaPage.open(app.browser, app.url);
  await choose(none, whole);
  await none.page.locator('[data-testid=error][data-code=no_picture]').waitFor();
  await done(none);
  await done(lacuna);
});

describe('what comes to the mask that is there', () => {
  const first = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 200 ? 200 : 0));
  const ways: Readonly<Record<string, (base: number, given: number) => number>> = {
    replace: (_, given) => given,
    add: Math.max,
    subtract: (base, given) => Math.round((base * (255 - given)) / 255),
    intersect: Math.min,
  };
  test.each(Object.keys(ways))('%s is exact to the pixel and one step', async (way) => {
    const lacuna = await opened();
    await imported(lacuna, await alphaPng(first));
    await choose(lacuna, await alphaPng(soft));
    await lacuna.test(`import-${way}`).click();
    await previewed(lacuna);
    await apply(lacuna);
    expect(
      await wrong(
        lacuna,
        first.map((value, i) => ways[way]!(value, soft[i]!)),
      ),
    ).toBe(0);
    await lacuna.test('undo').click();
    expect(await wrong(lacuna, first)).toBe(0);
    await lacuna.test('undo').click();
    expect(await lacuna.test('undo').isDisabled()).toBe(true);
    await done(lacuna);
  });

  test('Flip swaps what is erased; Escape and Undo drop it, Enter applies it', async () => {
    const lacuna = await opened();
    const { keyboard } = lacuna.page;
    const mask = await alphaPng(soft);
    for (const key of ['Escape', 'Control+z']) {
      await choose(lacuna, mask);
      await previewed(lacuna);
      await lacuna.test('stage').focus();
      await keyboard.press(key);
      await lacuna.test('import-panel').waitFor({ state: 'detached' });
      expect((await lacuna.document())!.coverage).toBe(0);
      expect(await lacuna.test('undo').isDisabled()).toBe(true);
    }
    await choose(lacuna, mask);
    await lacuna.test('import-flip').click();
    await lacuna.page.getByText('Opaque is erased').waitFor();
    await lacuna.page.getByText('Mask mask, 330 by 270 pixels, is shown').waitFor({ state: 'attached' });
    await previewed(lacuna);
    await lacuna.test('stage').focus();
    await keyboard.press('Enter');
    await lacuna.test('import-panel').waitFor({ state: 'detached' });
    expect(await wrong(lacuna, inverted(soft))).toBe(0);
    await done(lacuna);
  });

  test('a stroke that is being made while a mask is read is finished first', async () => {
    const lacuna = await opened();
    await lacuna.setBrush(20);
    const [from, to] = await lacuna.toClient([
      { x: 30, y: 40 },
      { x: 90, y: 40 },
    ]);
    await lacuna.page.mouse.move(from!.x, from!.y);
    await lacuna.page.mouse.down();
    await choose(lacuna, await alphaPng(soft));
    await lacuna.page.waitForTimeout(500);
    expect(await lacuna.test('import-panel').count()).toBe(0);
    await lacuna.page.mouse.move(to!.x, to!.y);
    await lacuna.page.mouse.up();
    await lacuna.test('import-add').click();
    await previewed(lacuna);
    await apply(lacuna);
    const { coverage } = await exported(lacuna);
    expect([coverage[40 * width + 80], coverage[180 * width + 240]]).toEqual([255, 255]);
    await done(lacuna);
  });

  test('a stroke takes the place of a preview and is kept', async () => {
    const lacuna = await opened();
    await choose(lacuna, await alphaPng(soft));
    await previewed(lacuna);
    await lacuna.test('tool-erase').click();
    await lacuna.setBrush(20);
    await lacuna.stroke([{ x: 30, y: 40 }]);
    await lacuna.test('import-panel').waitFor({ state: 'detached' });
    const { coverage } = await exported(lacuna);
    expect([coverage[40 * width + 30], coverage[180 * width + 240]]).toEqual([255, 0]);
    await done(lacuna);
  });
});

const strokes: readonly (readonly Point[])[] = [
  [
    { x: 40, y: 30 },
    { x: 200, y: 90 },
  ],
  [
    { x: 300, y: 60 },
    { x: 310, y: 200 },
  ],
];

/** Soft strokes, one of them half restored. */
async function paint(lacuna: LacunaPage) {
  await lacuna.setBrush(61);
  for (let k = 0; k < 7; k++) await lacuna.page.keyboard.press('Shift+BracketLeft');
  for (const stroke of strokes) await lacuna.stroke(stroke);
  await lacuna.test('tool-restore').click();
  await lacuna.stroke([{ x: 305, y: 130 }]);
  await lacuna.test('tool-erase').click();
}

describe('complaint 14: a mask is saved, loaded and edited further', () => {
  test.each(['export-mask', 'export-mask-grey'])('%s, soft edges and all', async (format) => {
    const lacuna = await opened();
    await paint(lacuna);
    const before = (await lacuna.saved('export-mask')).bytes;
    const mask = format === 'export-mask' ? before : (await fromMenu(lacuna, format)).bytes;
    if (format !== 'export-mask') expect((await sharp(mask).metadata()).channels).toBe(1);
    const again = await opened();
    await imported(again, mask);
    expect(Buffer.compare((await again.saved('export-mask')).bytes, before)).toBe(0);
    await again.setBrush(30);
    await again.stroke([{ x: 60, y: 200 }]);
    const { coverage } = await exported(again);
    expect([coverage[200 * width + 60]! > 0, coverage[60 * width + 100]! > 0]).toEqual([true, true]);
    await done(again);
    await done(lacuna);
  });

  test('from a grown frame it comes back to its place, also where the frame is the picture again', async () => {
    const lacuna = await opened();
    await lacuna.test('tool-frame').click();
    for (const [side, px] of [
      ['left', '37'],
      ['top', '20'],
    ]) {
      await lacuna.test(`frame-${side}`).fill(px!);
      await lacuna.test(`frame-${side}`).press('Enter');
    }
    await lacuna.test('tool-erase').click();
    await paint(lacuna);
    await lacuna.setBrush(24);
    await lacuna.stroke([{ x: -20, y: 100 }]);
    const grown = (await lacuna.saved('export-mask')).bytes;
    const { coverage } = await exported(lacuna);
    await lacuna.page.keyboard.press('Delete');
    await imported(lacuna, grown);
    expect(Buffer.compare((await lacuna.saved('export-mask')).bytes, grown)).toBe(0);

    const plain = await opened();
    await imported(plain, grown);
    const inPicture = Uint8Array.from(
      { length: width * height },
      (_, i) => coverage[(Math.floor(i / width) + 20) * (width + 37) + (i % width) + 37]!,
    );
    expect(await wrong(plain, inPicture)).toBe(0);
    await done(plain);
    await done(lacuna);
  });
});

test('complaints 4 and 5: colours below the hole and beside it stay as they are, after a save and a load too', async () => {
  const source = translucent(width, height);
  const lacuna = await opened({}, await pngOf(source));
  await imported(lacuna, await alphaPng(soft));
  const hole = (await fromMenu(lacuna, 'export-hole')).bytes;
  const pixels = await decode(hole);
  const colours = ({ data, ...size }: Pixels) => ({
    ...size,
    data: data.map((v, i) => (i % 4 === 3 ? 0 : v)),
  });
  expect(changedPixels(colours(pixels), colours(source))).toBe(0);
  const again = await opened({}, hole);
  const copy = await decode((await again.saved('download')).bytes);
  expect(changedPixels(copy, pixels)).toBe(0);
  // And the hole is a mask again: transparent where it was erased.
  const opaque = await opened();
  await imported(opaque, await alphaPng(soft));
  const solid = (await fromMenu(opaque, 'export-hole')).bytes;
  await opaque.page.keyboard.press('Delete');
  await imported(opaque, solid);
  expect(await wrong(opaque, soft)).toBe(0);
  for (const each of [lacuna, again, opaque]) await done(each);
});

describe('dropped', () => {
  const drop = (lacuna: LacunaPage, bytes: Buffer, target: string) =>
    lacuna.page.evaluate(
      async ([text, selector]) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        data.items.add(new File([content], 'dropped.png', { type: 'image/png' }));
        const event = (type: string) =>
          new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event('dragenter'));
        await new Promise((resolve) => setTimeout(resolve, 100));
        const place = document.querySelector(selector)!;
        place.dispatchEvent(event('dragover'));
        place.dispatchEvent(event('drop'));
      },
      [bytes.toString('base64'), target] as const,
    );

  test('on its target it is a mask, on the other it opens', async () => {
    const lacuna = await opened();
    await drop(lacuna, await alphaPng(soft), '[data-drop=mask]');
    await previewed(lacuna);
    expect(await lacuna.page.locator('.drop-targets').count()).toBe(0);
    await apply(lacuna);
    expect(await wrong(lacuna, soft)).toBe(0);
    await drop(lacuna, await pngOf(landscape(90, 60)), '[data-drop=open]');
    await lacuna.page.locator('[data-testid=stage][data-image-width="90"]').waitFor();
    await done(lacuna);
  });

  test('with nothing open there is nothing that a mask could belong to', async () => {
    const lacuna = await LacunaPage.open(app.browser, app.url);
    await lacuna.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
      document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }));
    });
    await lacuna.page.locator('[data-drop=open]').waitFor();
    expect(await lacuna.page.locator('[data-drop=mask]').count()).toBe(0);
    await done(lacuna);
  });
});

describe('the clipboard', () => {
  const permissions = ['clipboard-read', 'clipboard-write'];

  test('takes the mask in black and white, and Ctrl+Shift+V brings it back', async () => {
    const lacuna = await opened({ permissions });
    await imported(lacuna, await alphaPng(soft));
    await lacuna.page.getByRole('button', { name: 'Export', exact: true }).click();
    await lacuna.test('copy-mask').click();
    await lacuna.page.locator('.notice', { hasText: 'white is erased' }).waitFor();
    const copied = await lacuna.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bytes = new Uint8Array(await (await item!.getType('image/png')).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    });
    const { data } = await decode(Buffer.from(copied, 'base64'));
    expect(soft.filter((c, i) => data[i * 4] !== c || data[i * 4 + 3] !== 255).length).toBe(0);

    await lacuna.page.keyboard.press('Delete');
    await lacuna.page.keyboard.press('Control+Shift+V');
    await previewed(lacuna);
    await apply(lacuna);
    expect(await wrong(lacuna, soft)).toBe(0);
    await lacuna.page.getByRole('button', { name: 'Import mask', exact: true }).click();
    await lacuna.test('import-clipboard').click();
    await previewed(lacuna);
    await lacuna.test('import-cancel').click();
    await done(lacuna);
  });

  test('that holds no picture, or is refused, says so', async () => {
    const lacuna = await opened({ permissions });
    await lacuna.page.evaluate(() => navigator.clipboard.writeText('words'));
    await lacuna.page.keyboard.press('Control+Shift+V');
    await lacuna.page.locator('[data-testid=error][data-code=clipboard_empty]').waitFor();
    await lacuna.page.evaluate(() => {
      const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.assign(navigator.clipboard, { read: refuse, write: refuse });
    });
    await lacuna.page.keyboard.press('Control+Shift+V');
    await lacuna.page.locator('[data-testid=error][data-code=clipboard_refused]').waitFor();
    await lacuna.page.evaluate(() =>
      Object.assign(navigator.clipboard, { read: undefined, write: undefined }),
    );
    await lacuna.page.getByRole('button', { name: 'Export', exact: true }).click();
    await lacuna.test('copy-mask').click();
    await lacuna.page.locator('[data-testid=error][data-code=clipboard_unavailable]').waitFor();
    await done(lacuna);
  });
});

test('a mask that is only previewed is not exported: what counts is, and the preview goes', async () => {
  const lacuna = await opened();
  await imported(lacuna, await grey(hard).png().toBuffer());
  await choose(lacuna, await grey(inverted(hard)).png().toBuffer());
  await previewed(lacuna);
  expect(await wrong(lacuna, hard)).toBe(0);
  await lacuna.test('import-panel').waitFor({ state: 'detached' });
  expect(await wrong(lacuna, hard)).toBe(0);
  await done(lacuna);
});
