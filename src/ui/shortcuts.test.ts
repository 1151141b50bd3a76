import { expect, test } from 'vitest';
import type { KeyPress } from './shortcuts.ts';
import { commandOf, repeats, steppedSize, unfinishedStepOf } from './shortcuts.ts';

const key = (code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});
const ctrl = { ctrlKey: true };
const command = { metaKey: true };

test('letters choose tools by their place on the keyboard', () => {
  expect(commandOf(key('KeyB'))).toBe('tool-erase');
  expect(commandOf(key('KeyE'))).toBe('tool-restore');
  expect(commandOf(key('KeyH'))).toBe('tool-hand');
  expect(commandOf(key('KeyX'))).toBe('swap');
  expect(commandOf(key('KeyF'))).toBe('tool-frame');
  expect(commandOf(key('Escape'))).toBe('leave-tool');
});

test('brackets size the brush, with Shift its hardness', () => {
  expect(commandOf(key('BracketLeft'))).toBe('smaller');
  expect(commandOf(key('BracketRight'))).toBe('larger');
  expect(commandOf(key('BracketLeft', { shiftKey: true }))).toBe('softer');
  expect(commandOf(key('BracketRight', { shiftKey: true }))).toBe('harder');
});

test('with Shift a shape gives way to its neighbour', () => {
  const chosen = (code: string) => [commandOf(key(code)), commandOf(key(code, { shiftKey: true }))];
  expect(chosen('KeyR')).toEqual(['tool-rectangle', 'tool-ellipse']);
  expect(chosen('KeyL')).toEqual(['tool-lasso', 'tool-polygon']);
});

test('keys of something unfinished; with Ctrl or Alt they are others', () => {
  const steps = ['Enter', 'NumpadEnter', 'Backspace', 'Delete', 'Escape'].map((code) =>
    unfinishedStepOf(key(code)),
  );
  expect(steps).toEqual(['finish', 'finish', 'takeBack', 'takeBack', 'giveUp']);
  expect([unfinishedStepOf(key('Enter', ctrl)), unfinishedStepOf(key('KeyB'))]).toEqual([null, null]);
});

test('Ctrl and ⌘ are the same', () => {
  for (const held of [ctrl, command]) {
    expect(commandOf(key('KeyZ', held))).toBe('undo');
    expect(commandOf(key('KeyZ', { ...held, shiftKey: true }))).toBe('redo');
    expect(commandOf(key('KeyY', held))).toBe('redo');
    expect(commandOf(key('KeyI', held))).toBe('invert');
    expect(commandOf(key('KeyO', held))).toBe('open');
    expect(commandOf(key('KeyS', held))).toBe('save');
    expect(commandOf(key('KeyE', { ...held, shiftKey: true }))).toBe('export');
  }
});

test('keys of the browser stay its own', () => {
  for (const code of ['KeyB', 'Digit0', 'Equal', 'Minus', 'KeyC', 'KeyV', 'KeyR']) {
    expect(commandOf(key(code, ctrl))).toBeNull();
  }
  expect(commandOf(key('KeyI', { ...ctrl, shiftKey: true }))).toBeNull();
});

test('Alt belongs to the tools, so AltGr writes letters', () => {
  expect(commandOf(key('KeyE', { altKey: true }))).toBeNull();
  expect(commandOf(key('KeyZ', { ctrlKey: true, altKey: true }))).toBeNull();
});

test('view, compare, help', () => {
  expect(commandOf(key('Digit0'))).toBe('fit');
  expect(commandOf(key('Numpad1'))).toBe('actual-size');
  expect(commandOf(key('Equal', { shiftKey: true }))).toBe('zoom-in');
  expect(commandOf(key('Minus'))).toBe('zoom-out');
  expect(commandOf(key('Backslash'))).toBe('compare');
  expect(commandOf(key('Slash'))).toBeNull();
});

test('the question mark asks for help, wherever a layout keeps it', () => {
  expect(commandOf(key('Slash', { shiftKey: true, key: '?' }))).toBe('help');
  expect(commandOf(key('Minus', { shiftKey: true, key: '?' }))).toBe('help');
  expect(commandOf(key('Slash', { shiftKey: true, key: '_' }))).toBeNull();
  expect(commandOf(key('Slash', { shiftKey: true, key: '?', ...ctrl }))).toBeNull();
});

test('both keys that delete clear the mask', () => {
  expect(commandOf(key('Delete'))).toBe('clear');
  expect(commandOf(key('Backspace'))).toBe('clear');
});

test('a held Delete clears once, a held bracket goes on', () => {
  expect(repeats('clear')).toBe(false);
  expect(repeats('larger')).toBe(true);
});

test('a step of the brush always moves', () => {
  expect(steppedSize(1, 1)).toBe(2);
  expect(steppedSize(2, -1)).toBe(1);
  expect(steppedSize(60, 1)).toBe(66);
  expect(steppedSize(500, -1)).toBe(450);
});
