import type { Catalogue } from './en.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { createTranslate } from './translate.ts';

export type Language = 'en' | 'ko';

/** Each language's own name, the same in every catalogue. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

const catalogues: Readonly<Record<Language, Catalogue>> = { en, ko };

/** The first language of the browser that there is a catalogue for; English otherwise. */
export function resolveLanguage(preference: Language | 'system', browser: readonly string[]): Language {
  if (preference !== 'system') return preference;
  const known = browser
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((tag) => tag === 'en' || tag === 'ko');
  return known ?? 'en';
}

export const translators = {
  en: createTranslate('en', catalogues.en),
  ko: createTranslate('ko', catalogues.ko),
} as const;
