/** What a key does, apart from keys that belong to one place (the prompt, the tray, a stroke). */
export type Command =
  | 'tool-erase'
  | 'tool-restore'
  | 'tool-hand'
  | 'tool-rectangle'
  | 'tool-ellipse'
  | 'tool-lasso'
  | 'tool-polygon'
  | 'tool-frame'
  | 'tool-wand'
  | 'tool-smart'
  | 'leave-tool'
  | 'swap'
  | 'smaller'
  | 'larger'
  | 'softer'
  | 'harder'
  | 'undo'
  | 'redo'
  | 'invert'
  | 'fill'
  | 'clear'
  | 'open'
  | 'save'
  | 'export'
  | 'paste-mask'
  | 'fit'
  | 'actual-size'
  | 'zoom-in'
  | 'zoom-out'
  | 'compare'
  | 'next-look'
  | 'peek'
  | 'help';

/** The part of a KeyboardEvent that decides. Letters go by `code`, so they work with a Korean layout; `?` goes by `key`, since layouts keep it in many places. */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const plain: Readonly<Record<string, Command>> = {
  KeyE: 'tool-restore',
  KeyB: 'tool-erase',
  KeyH: 'tool-hand',
  KeyR: 'tool-rectangle',
  KeyL: 'tool-lasso',
  KeyF: 'tool-frame',
  KeyW: 'tool-wand',
  Escape: 'leave-tool',
  KeyX: 'swap',
  BracketLeft: 'smaller',
  BracketRight: 'larger',
  Delete: 'clear',
  Backspace: 'clear',
  Digit0: 'fit',
  Numpad0: 'fit',
  Digit1: 'actual-size',
  Numpad1: 'actual-size',
  Equal: 'zoom-in',
  NumpadAdd: 'zoom-in',
  Minus: 'zoom-out',
  NumpadSubtract: 'zoom-out',
  Backslash: 'compare',
  IntlBackslash: 'compare',
  KeyV: 'next-look',
  KeyQ: 'peek',
};

const shifted: Readonly<Record<string, Command>> = {
  KeyR: 'tool-ellipse',
  KeyL: 'tool-polygon',
  KeyW: 'tool-smart',
  BracketLeft: 'softer',
  BracketRight: 'harder',
  Equal: 'zoom-in',
};

const modified: Readonly<Record<string, Command>> = {
  KeyZ: 'undo',
  KeyY: 'redo',
  KeyI: 'invert',
  KeyA: 'fill',
  KeyD: 'clear',
  KeyO: 'open',
  KeyS: 'save',
};

const modifiedShifted: Readonly<Record<string, Command>> = {
  KeyZ: 'redo',
  KeyE: 'export',
  KeyV: 'paste-mask',
};

/** Null: the key is left to the browser. Ctrl and ⌘ count as the same; Alt belongs to the tools. */
export function commandOf(key: KeyPress): Command | null {
  if (key.altKey) return null;
  const modifier = key.ctrlKey || key.metaKey;
  if (!modifier && key.key === '?') return 'help';
  const table = modifier ? (key.shiftKey ? modifiedShifted : modified) : key.shiftKey ? shifted : plain;
  return table[key.code] ?? null;
}

/** What a key does to something unfinished, such as a polygon, before anything else. */
export type UnfinishedStep = 'finish' | 'takeBack' | 'giveUp';

const unfinishedSteps: Readonly<Record<string, UnfinishedStep>> = {
  Enter: 'finish',
  NumpadEnter: 'finish',
  Backspace: 'takeBack',
  Delete: 'takeBack',
  Escape: 'giveUp',
};

export const unfinishedStepOf = ({ code, ctrlKey, metaKey, altKey }: KeyPress): UnfinishedStep | null =>
  ctrlKey || metaKey || altKey ? null : (unfinishedSteps[code] ?? null);

/** Undo, sizes and zoom go on while the key is held; everything else happens once. */
export const repeats = (command: Command) =>
  ['smaller', 'larger', 'softer', 'harder', 'undo', 'redo', 'zoom-in', 'zoom-out'].includes(command);

/** Diameter after `[` or `]`: a step of about a tenth, at least 1 px, on whole px. */
export function steppedSize(size: number, direction: -1 | 1): number {
  const step = Math.max(1, Math.round(size / 10));
  return size + direction * step;
}
