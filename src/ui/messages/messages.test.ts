import { expect, test } from 'vitest';
import { en as enPage } from './en.ts';
import { enHelp } from './enHelp.ts';
import { ko as koPage } from './ko.ts';
import { koHelp } from './koHelp.ts';
import { loadLanguage, resolveLanguage, translatorFor } from './language.ts';
import type { Message } from './message.ts';

const en = { ...enPage, ...enHelp };
const ko = { ...koPage, ...koHelp };
const keys = Object.keys(en) as (keyof typeof en)[];
const forms = (message: Message) => (typeof message === 'string' ? [message] : Object.values(message));
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
/** Plural forms may leave the number out ("a result"); together they name these. */
const named = (message: Message) => [...new Set(forms(message).flatMap(placeholders))].sort();

test('both languages have the same keys', () => {
  expect(Object.keys(koPage).sort()).toEqual(Object.keys(enPage).sort());
  expect(Object.keys(koHelp).sort()).toEqual(Object.keys(enHelp).sort());
});

test.each(keys)('%s takes the same parameters in both languages', (key) => {
  const korean = named(ko[key]);
  const english = named(en[key]);
  // English hides a count in the plural ("one picture"); Korean may say it, with the same name.
  if (typeof en[key] === 'string') expect(korean).toEqual(english);
  else expect(new Set([...english, 'n'])).toEqual(new Set([...korean, 'n']));
});

test('no message is empty and no Korean message was left in English', () => {
  const same = keys.filter((key) => JSON.stringify(en[key]) === JSON.stringify(ko[key]));
  for (const key of keys) for (const text of forms(ko[key])) expect(text.trim(), key).not.toBe('');
  expect(same.sort()).toEqual([
    'app.name',
    'job.elapsed',
    'keys.actual',
    'plan.scaled',
    'plan.sends',
    'quality.hd',
  ]);
});

test('every error has words on what to do', () => {
  const titles = keys.filter((key) => /^error\.[\w-]+$/.test(key) && `${key}.help` in en);
  const helps = keys.filter((key) => /^error\..*\.help$/.test(key));
  expect(titles.map((key) => `${key}.help`).sort()).toEqual(helps.sort());
});

test('numbers and plurals follow the language; English stands in until another is there', async () => {
  expect(translatorFor('ko')('undo')).toBe('Undo');
  await loadLanguage('ko');
  expect(translatorFor('en')('lock.counted', { n: 0 })).toBe('0 pixels changed outside the mask');
  expect(translatorFor('en')('lock.counted', { n: 1 })).toBe('1 pixel changed outside the mask');
  expect(translatorFor('en')('lock.counted', { n: 12_345 })).toBe('12,345 pixels changed outside the mask');
  expect(translatorFor('ko')('lock.counted', { n: 1 })).toBe('마스크 밖에서 바뀐 픽셀 1개');
});

test('a parameter that is missing stays visible', () => {
  expect(translatorFor('en')('export.done')).toBe('Saved {name}');
});

test('the language is the first of the browser that there is', () => {
  expect(resolveLanguage('system', ['de-DE', 'ko-KR', 'en'])).toBe('ko');
  expect(resolveLanguage('system', ['fr'])).toBe('en');
  expect(resolveLanguage('ko', ['en-US'])).toBe('ko');
});
