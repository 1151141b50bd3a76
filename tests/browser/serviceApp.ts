import type { Browser } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import type { Placement } from '../../src/blend/placement.ts';
import { readRecipe } from '../../src/codec/metadata/recipe.ts';
import { startApp } from '../app.ts';
import { decode, type Pixels } from '../pictures.ts';
import { fakeUpstream, type Upstream } from '../server/support.ts';
import { playSoftMask, type Temper } from '../softMask/upstream.ts';

import { LacunaPage } from './lacunaPage.ts';

export interface ServiceApp {
  readonly lacuna: LacunaPage;
  readonly upstream: Upstream;
}

/** The app in front of a service that takes its mask as a hint. All of it ends with the test. */
export async function openWithService(
  browser: Browser,
  { model = 'gpt-image-2.6-sunburst', ...temper }: Temper & { readonly model?: string } = {},
): Promise<ServiceApp> {
  const upstream = await fakeUpstream();
  playSoftMask(upstream, temper);
  const app = await startApp({
    env: {
      OPENAI_API_KEY: 'sk-test-0123456789abcdefghijklmnop',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      IMAGE_MODEL: model,
    },
  });
  const lacuna = await LacunaPage.open(browser, app.url);
  onTestFinished(async () => {
    await lacuna.close();
    await app.stop();
  });
  return { lacuna, upstream };
}

/** Room on the sides of the picture, px, by the frame tool's fields. */
export async function growFrame(
  lacuna: LacunaPage,
  sides: { readonly [side in 'left' | 'top' | 'right' | 'bottom']?: number },
) {
  await lacuna.test('tool-frame').click();
  for (const [side, space] of Object.entries(sides)) {
    await lacuna.test(`frame-${side}`).fill(String(space));
    await lacuna.test(`frame-${side}`).press('Enter');
  }
}

/** Waits for the count of what changed outside, which has to be nothing. */
export async function nothingChangedOutside(lacuna: LacunaPage) {
  const lock = lacuna.page.locator('[data-testid=pixel-lock][data-state=counted]').first();
  await lock.waitFor({ timeout: 60_000 });
  expect(await lock.textContent()).toMatch(/^0\b/);
}

interface Recipe {
  readonly changedOutside: number;
  readonly layers: readonly {
    readonly found: { readonly fit: { readonly kind: string; readonly registration?: Placement } };
  }[];
}

/** Every layer was found to lie where the service has put it, within 0.3 px and 0.1 %. */
export function expectFound({ layers }: Recipe, placement: Placement) {
  for (const { found } of layers) {
    expect(found.fit.kind).toBe('moved');
    for (const key of ['shiftX', 'shiftY', 'scaleX', 'scaleY'] as const) {
      const off = Math.abs(found.fit.registration![key] - placement[key]);
      expect(off, `${key} ${JSON.stringify(found.fit)}`).toBeLessThan(key.startsWith('shift') ? 0.3 : 0.001);
    }
  }
}

/** What Download saves, decoded, with what its recipe says. */
export async function downloaded(lacuna: LacunaPage): Promise<Pixels & { readonly recipe: Recipe }> {
  const { bytes } = await lacuna.saved('download');
  const recipe = await readRecipe(new Blob([Uint8Array.from(bytes)]));
  return { ...(await decode(bytes)), recipe: JSON.parse(recipe ?? 'null') };
}
