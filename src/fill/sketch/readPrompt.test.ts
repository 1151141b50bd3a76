import { expect, test } from 'vitest';
import { readPrompt } from './readPrompt.ts';

const names = (prompt: string) => [...readPrompt(prompt).things.keys()].sort();

test('scene words in English and Korean, singular or plural, with particles', () => {
  expect(names('Snowy mountains under clouds')).toEqual(['clouds', 'mountains', 'snow']);
  expect(names('구름이 있는 하늘과 바다를')).toEqual(['clouds', 'sky', 'water']);
  expect(names('숲속의 호수')).toEqual(['forest', 'water']);
});

test('a colour belongs to the noun that follows, not across "on" or a comma', () => {
  const bound = readPrompt('a pink fluffy sky over a yellow field');
  expect(bound.things.get('sky')).toHaveLength(1);
  expect(bound.things.get('field')).toHaveLength(1);
  expect(bound.things.get('sky')).not.toEqual(bound.things.get('field'));
  const loose = readPrompt('a white cat on grass');
  expect(loose.things.get('field')).toEqual([]);
  expect(loose.colours).toHaveLength(1);
  expect(loose.ignored).toEqual(['cat']);
});

test('time and style words', () => {
  const wish = readPrompt('Watercolour of a city at night');
  expect(wish.time).toBe('night');
  expect([...wish.styles]).toEqual(['watercolour']);
  expect([...readPrompt('수채화로 그린 저녁 산').styles]).toEqual(['watercolour']);
  expect(readPrompt('노을 지는 해변').time).toBe('sunset');
  for (const dusk of ['해질녘 바다', '해 질 녘의 바다', '해질 녘에 바다']) {
    const { time, ignored } = readPrompt(dusk);
    expect({ time, ignored }, dusk).toEqual({ time: 'sunset', ignored: [] });
  }
});

test('words are either used or ignored; fillers are neither', () => {
  const wish = readPrompt('The red dragon with a blue moon!');
  expect(wish.used).toEqual(['red', 'blue', 'moon']);
  expect(wish.ignored).toEqual(['dragon']);
});
