import type { MessageKey } from './en.ts';
import type { Message } from './message.ts';

type Params = Readonly<Record<string, string | number>>;

/** Numbers are written as the language writes them; strings go in as they are. */
export type Translate<K extends string = MessageKey> = (key: K, params?: Params) => string;

export function createTranslate<K extends string>(
  language: string,
  catalogue: Readonly<Record<K, Message>>,
): Translate<K> {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, params = {}) => {
    const message = catalogue[key];
    const count = params['n'];
    const sentence =
      typeof message === 'string'
        ? message
        : ((typeof count === 'number' ? message[plural.select(count)] : undefined) ?? message.other);
    return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? number.format(value) : value;
    });
  };
}
