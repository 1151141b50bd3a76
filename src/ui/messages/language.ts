import { createStore } from 'zustand/vanilla';
import { en } from './en.ts';
import { createTranslate, type Translate } from './translate.ts';

export type Language = 'en' | 'ko';

/** Each language's own name, the same in every catalogue. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

/** The first language of the browser that there is a catalogue for; English otherwise. */
export function resolveLanguage(preference: Language | 'system', browser: readonly string[]): Language {
  if (preference !== 'system') return preference;
  const known = browser
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((tag) => tag === 'en' || tag === 'ko');
  return known ?? 'en';
}

/** What is loaded: English comes with the page, because every other language is typed by it. */
export const translators = createStore<Readonly<Partial<Record<Language, Translate>> & { en: Translate }>>(
  () => ({ en: createTranslate('en', en) }),
);

/** Fetches a language's catalogue once; until then, and where that fails, English stands in. Never rejects. */
export async function loadLanguage(language: Language): Promise<void> {
  if (translators.getState()[language]) return;
  const { ko } = await import('./ko.ts').catch(() => ({ ko: null }));
  if (ko) translators.setState({ ko: createTranslate('ko', ko) });
}

export function translatorFor(language: Language): Translate {
  const loaded = translators.getState();
  return loaded[language] ?? loaded.en;
}
