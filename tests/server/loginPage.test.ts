import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loginPage } from '../../server/access/loginPage.ts';

const asked = loginPage.render({ kind: 'asked' }, 'en');

test('the passcode page runs no script, and its one style is the one that its policy names', () => {
  const policy = loginPage.headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  for (const state of [{ kind: 'asked' }, { kind: 'signedIn' }, { kind: 'tooMany', minutes: 3 }] as const) {
    const html = loginPage.render(state, 'en');
    expect(html).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i);
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style ?? '');
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256').update(styles[0]!).digest('base64');
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
  }
});

test.each([
  [undefined, 'en'],
  ['ko-KR,ko;q=0.9,en-US;q=0.8', 'ko'],
  ['en-GB,ko;q=0.9', 'en'],
  ['de-DE,ko;q=0.8,en;q=0.7', 'ko'],
  ['fr', 'en'],
])('for Accept-Language %s the page is in %s', (header, language) => {
  expect(loginPage.render({ kind: 'wrong' }, header)).toContain(`<html lang="${language}">`);
});

test('the page is served for password managers and screen readers: a label, a heading, a named problem', () => {
  expect(asked).toMatch(/<label for="passcode">.+<\/label>/);
  expect(asked).toMatch(/<input id="passcode"[^>]*type="password"[^>]*autocomplete="current-password"/);
  expect(asked).toContain('<h1>');
  expect(asked).not.toContain('role="alert"');
  const late = loginPage.render({ kind: 'tooMany', minutes: 1 }, 'en');
  expect(late).toContain(
    '<p class="alert" id="problem" role="alert">Too many attempts. Try again in 1 minute.</p>',
  );
  expect(loginPage.render({ kind: 'tooMany', minutes: 12 }, 'ko')).toContain('12분 뒤에');
});

test('the page of the app has no script or style of its own that a policy would have to allow', async () => {
  const html = await readFile(new URL('../../index.html', import.meta.url), 'utf8');
  for (const [, attributes, text] of html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
    expect(attributes).toContain('src="/');
    expect(text).toBe('');
  }
  expect(html).toContain('<script');
  expect(html).not.toMatch(/\son\w+=|javascript:/i);
});
