import type { Page } from 'playwright';
import { decodePng, readPng } from '../../src/codec/png/decode.ts';
import { startVitePage } from '../vitePage.ts';
import type { CodecOnPage } from './page.ts';

export interface CodecPage {
  readonly page: Page;
  /** Calls a method of `page.ts` in the browser. */
  call<Name extends keyof CodecOnPage>(
    name: Name,
    ...args: Parameters<CodecOnPage[Name]>
  ): Promise<Awaited<ReturnType<CodecOnPage[Name]>>>;
  close(): Promise<void>;
}

/** A page with nothing but the codec, served from the source, in a real Chromium. */
export async function openCodecPage(): Promise<CodecPage> {
  const { origin, newContext, close } = await startVitePage('/tests/codec/page.ts');
  const page = await (await newContext()).newPage();
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'codecOnPage' in window);
  return {
    page,
    call: (name, ...args) =>
      page.evaluate(
        ([method, values]) => {
          const { codecOnPage } = window as unknown as {
            codecOnPage: Record<string, (...given: unknown[]) => Promise<never>>;
          };
          return codecOnPage[method]!(...values);
        },
        [name, args] as const,
      ),
    close,
  };
}

export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
export const fromBase64 = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

/** Straight RGBA of a PNG, with no colour management: libvips would convert by the profile. */
export async function pixelsOf(png: string): Promise<Uint8Array> {
  const pause = async () => undefined;
  return decodePng(await readPng(fromBase64(png), pause), pause);
}

/** How many bytes differ: comparing large arrays element by element in an assertion takes seconds. */
export function differing(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}
