import { createStore } from 'zustand/vanilla';
import type { MetadataChoice } from '../codec/metadata/exifToWrite.ts';
import { type BrushOptions, initialBrush } from '../editor/session.ts';
import {
  defaultView,
  MASK_LOOKS,
  MIN_TINT_OPACITY,
  TINT_PATTERNS,
  type ViewOptions,
} from '../editor/viewOptions.ts';
import { localText } from './localText.ts';

export interface PreferencesState {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'system' | 'en' | 'ko';
  /** What Download writes. */
  readonly exportFormat: 'png' | 'jpeg' | 'webp';
  /** How much of the picture's EXIF it keeps. */
  readonly exportMetadata: MetadataChoice;
  /** MB that the steps of the history may hold. */
  readonly historyBudget: HistoryBudget;
  /** Unfinished pictures are asked for also where a service bills them. */
  readonly unfinished: boolean;
  readonly view: ViewOptions;
  /** As it was last used; its numbers are kept within their bounds by the session. */
  readonly brush: BrushOptions;
}

export const HISTORY_BUDGETS = ['64', '256', '1024'] as const;
export type HistoryBudget = (typeof HISTORY_BUDGETS)[number];

const KEY = 'lacuna.preferences';
const VERSION = 1;

const defaults: PreferencesState = {
  theme: 'system',
  language: 'system',
  exportFormat: 'png',
  exportMetadata: 'basic',
  historyBudget: '256',
  unfinished: false,
  view: defaultView,
  brush: initialBrush,
};

const choice = <T extends string>(value: unknown, values: readonly T[], otherwise: T): T =>
  values.find((candidate) => candidate === value) ?? otherwise;

type Stored = Partial<Record<string, unknown>>;

const fieldsOf = (value: unknown): Stored =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function parseView(stored: unknown): ViewOptions {
  const { maskLook, tint, pixelGrid } = fieldsOf(stored);
  const { colour, pattern, opacity } = fieldsOf(tint);
  const usual = defaultView.tint;
  const isOpacity = typeof opacity === 'number' && opacity >= MIN_TINT_OPACITY && opacity <= 1;
  return {
    maskLook: choice(maskLook, MASK_LOOKS, defaultView.maskLook),
    tint: {
      colour: typeof colour === 'string' && /^#[0-9a-f]{6}$/.test(colour) ? colour : usual.colour,
      pattern: choice(pattern, TINT_PATTERNS, usual.pattern),
      opacity: isOpacity ? opacity : usual.opacity,
    },
    pixelGrid: typeof pixelGrid === 'boolean' ? pixelGrid : defaultView.pixelGrid,
  };
}

function parseBrush(stored: unknown): BrushOptions {
  const value = fieldsOf(stored);
  const number = (key: 'size' | 'hardness' | 'opacity' | 'smoothing') => {
    const read = value[key];
    return typeof read === 'number' && Number.isFinite(read) ? read : initialBrush[key];
  };
  const flag = (key: 'pressureSize' | 'pressureOpacity') => {
    const read = value[key];
    return typeof read === 'boolean' ? read : initialBrush[key];
  };
  return {
    size: number('size'),
    hardness: number('hardness'),
    opacity: number('opacity'),
    smoothing: number('smoothing'),
    pressureSize: flag('pressureSize'),
    pressureOpacity: flag('pressureOpacity'),
    tip: choice(value['tip'], ['round', 'square'], initialBrush.tip),
  };
}

/** Each field that can't be read falls back to its default by itself. */
export function parsePreferences(stored: string | null): PreferencesState {
  let value: Stored | null = null;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    return defaults;
  }
  if (value?.['version'] !== VERSION) return defaults;
  return {
    theme: choice(value['theme'], ['system', 'light', 'dark'], defaults.theme),
    language: choice(value['language'], ['system', 'en', 'ko'], defaults.language),
    exportFormat: choice(value['exportFormat'], ['png', 'jpeg', 'webp'], defaults.exportFormat),
    exportMetadata: choice(value['exportMetadata'], ['none', 'basic', 'all'], defaults.exportMetadata),
    historyBudget: choice(value['historyBudget'], HISTORY_BUDGETS, defaults.historyBudget),
    unfinished: value['unfinished'] === true,
    view: parseView(value['view']),
    brush: parseBrush(value['brush']),
  };
}

/** Theme, language, way of exporting and of viewing, and brush of this browser; tabs follow each other. Without storage they last as long as the page. */
export function createPreferences() {
  const stored = localText(KEY);
  const read = () => parsePreferences(stored.read());
  const store = createStore<PreferencesState>(read);
  addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) store.setState(read());
  });
  return {
    store,
    set(change: Partial<PreferencesState>) {
      store.setState(change);
      stored.write(JSON.stringify({ version: VERSION, ...store.getState() }));
    },
  };
}

export type Preferences = ReturnType<typeof createPreferences>;
