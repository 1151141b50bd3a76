import { type Colour, rgb } from './colour.ts';
import {
  COLOURS,
  FILLERS,
  SEPARATORS,
  STYLES,
  type Style,
  THINGS,
  type Thing,
  TIMES,
  type Time,
} from './vocabulary.ts';

/** What a prompt asks for, as far as it was understood. */
export interface Wish {
  /** Things with the colours that were said of them (often none). */
  readonly things: ReadonlyMap<Thing, readonly Colour[]>;
  /** Colours that belong to nothing that is known. */
  readonly colours: readonly Colour[];
  readonly time: Time | null;
  readonly styles: ReadonlySet<Style>;
  /** Words of the prompt in their order: those that shaped the picture, and those that could not. */
  readonly used: readonly string[];
  readonly ignored: readonly string[];
}

type Meaning =
  | { readonly kind: 'thing'; readonly name: Thing }
  | { readonly kind: 'time'; readonly name: Time }
  | { readonly kind: 'style'; readonly name: Style }
  | { readonly kind: 'colour'; readonly colour: Colour };

const LEXICON = new Map<string, Meaning>();
const learn = (words: string, meaning: Meaning) => {
  for (const word of words.split(' ')) LEXICON.set(word, meaning);
};
for (const [name, words] of Object.entries(THINGS)) learn(words, { kind: 'thing', name: name as Thing });
for (const [name, words] of Object.entries(TIMES)) learn(words, { kind: 'time', name: name as Time });
for (const [name, words] of Object.entries(STYLES)) learn(words, { kind: 'style', name: name as Style });
for (const [words, hex] of Object.entries(COLOURS)) learn(words, { kind: 'colour', colour: rgb(hex) });

const KOREAN = /^\p{Script=Hangul}/u;
/** Particles and endings that may follow a Korean noun or a colour. */
const ENDING =
  /^(색|빛|이|가|은|는|을|를|의|에|에서|와|과|도|로|으로|들|들이|들을|들과|위|위에|위의|아래|속|속의|색의|색으로|빛의|처럼|풍|풍의|풍으로|하는|한|인|진)?$/u;

function look(word: string): Meaning | undefined {
  const exact = LEXICON.get(word);
  if (exact) return exact;
  if (KOREAN.test(word)) {
    for (let end = word.length - 1; end >= 1; end--) {
      const meaning = LEXICON.get(word.slice(0, end));
      if (meaning && ENDING.test(word.slice(end))) return meaning;
    }
    return undefined;
  }
  for (const [ending, stem] of [
    ['ies', 'y'],
    ['ves', 'f'],
    ['es', ''],
    ['s', ''],
    ['ish', ''],
    ['dish', ''],
  ] as const) {
    if (!word.endsWith(ending)) continue;
    const meaning = LEXICON.get(word.slice(0, -ending.length) + stem);
    if (meaning) return meaning;
  }
  return undefined;
}

/** Reads colour, scene, time and style words in English and Korean. A colour goes to the noun that follows it. */
export function readPrompt(prompt: string): Wish {
  const things = new Map<Thing, Colour[]>();
  const colours: Colour[] = [];
  const styles = new Set<Style>();
  const used: string[] = [];
  const ignored: string[] = [];
  let time: Time | null = null;
  let pending: Colour[] = [];
  const release = () => {
    colours.push(...pending);
    pending = [];
  };
  // Two phrases that mean one thing.
  const text = prompt
    .toLowerCase()
    .replace(/black and white/g, 'black-and-white')
    .replace(/해 ?질 ?녘/g, '해질녘');
  for (const token of text.match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*|[,.;:!?]/gu) ?? []) {
    if (/^[,.;:!?]$/.test(token) || SEPARATORS.has(token)) release();
    const meaning = look(token);
    if (!meaning) {
      if (!FILLERS.has(token) && !/^[,.;:!?]$/.test(token)) ignored.push(token);
      continue;
    }
    used.push(token);
    if (meaning.kind === 'time') time = meaning.name;
    else if (meaning.kind === 'style') styles.add(meaning.name);
    else if (meaning.kind === 'colour') pending.push(meaning.colour);
    else {
      things.set(meaning.name, [...(things.get(meaning.name) ?? []), ...pending]);
      pending = [];
    }
  }
  release();
  return { things, colours, time, styles, used: [...new Set(used)], ignored: [...new Set(ignored)] };
}
