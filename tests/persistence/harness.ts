import type { Page } from 'playwright';
import { startVitePage, type VitePage } from '../vitePage.ts';

export type Harness = VitePage;

export const startHarness = (): Promise<Harness> =>
  startVitePage('/tests/persistence/page.ts', ['idb', 'zustand/vanilla']);

/** Opens the page, or waits for it after a reload. */
export async function ready(page: Page, origin?: string): Promise<Page> {
  if (origin) await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'harness' in window);
  return page;
}
