import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ToolId } from '../editor/session.ts';
import {
  type HoldEvent,
  type Holder,
  type Holding,
  hold,
  nothingHeld,
  temporaryTool,
} from './temporaryTool.ts';

const press = (what: Holder): HoldEvent => ({ type: 'press', what });
const release = (what: Holder): HoldEvent => ({ type: 'release', what });
const after = (...events: readonly HoldEvent[]) => events.reduce(hold, nothingHeld);
const held = (tool: ToolId, ...events: readonly HoldEvent[]) => temporaryTool(tool, after(...events));

test('Space and the middle button hold the hand, whatever the tool', () => {
  for (const tool of ['erase', 'restore', 'frame', 'hand'] as const) {
    expect(held(tool, press('space'))).toBe('hand');
    expect(held(tool, press('middle-button'))).toBe('hand');
  }
  expect(held('erase', press('space'), release('space'))).toBeNull();
});

test('Alt turns a brush round and leaves other tools alone', () => {
  expect(held('erase', press('alt'))).toBe('restore');
  expect(held('restore', press('alt'))).toBe('erase');
  expect(held('frame', press('alt'))).toBeNull();
  expect(held('hand', press('alt'))).toBeNull();
});

test('the other end of a pen does what the brush does not, and Alt turns that round again', () => {
  expect(held('erase', press('eraser-end'))).toBe('restore');
  expect(held('restore', press('eraser-end'))).toBe('erase');
  expect(held('erase', press('eraser-end'), press('alt'))).toBeNull();
});

test('keys may be let go in any order', () => {
  expect(held('erase', press('space'), press('alt'), release('space'))).toBe('restore');
  expect(held('erase', press('space'), press('alt'), release('alt'))).toBe('hand');
  expect(held('erase', press('space'), press('middle-button'), release('middle-button'))).toBe('hand');
});

test('a key that repeats changes nothing, and one let go that was not held neither', () => {
  const space = after(press('space'));
  expect(hold(space, press('space'))).toBe(space);
  expect(hold(space, release('alt'))).toBe(space);
});

const holders = ['space', 'middle-button', 'alt', 'eraser-end'] as const;
const event = fc.oneof(
  fc.record({
    type: fc.constantFrom<'press' | 'release'>('press', 'release'),
    what: fc.constantFrom(...holders),
  }),
  fc.constant<HoldEvent>({ type: 'reset' }),
);

test('after every order of presses, releases and resets, only what was pressed last of its kind is held', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const holding: Holding = after(...events);
      const since = events.slice(events.findLastIndex(({ type }) => type === 'reset') + 1);
      for (const what of holders) {
        const last = since.findLast((candidate) => candidate.type !== 'reset' && candidate.what === what);
        expect(holding.has(what)).toBe(last?.type === 'press');
      }
      expect(temporaryTool('erase', hold(holding, { type: 'reset' }))).toBeNull();
    }),
  );
});
