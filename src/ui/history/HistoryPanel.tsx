import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { heldBytes } from '../../editor/history.ts';
import { HISTORY_BUDGETS, type HistoryBudget } from '../../persistence/preferences.ts';
import { closePanel } from '../actions/blend.ts';
import { jumpTo } from '../actions/history.ts';
import { useApp, useEditor, useLanguage, useTranslate } from '../app.ts';
import { SelectField } from '../controls/SelectField.tsx';
import { SidePanel } from '../controls/SidePanel.tsx';
import { HistoryRow } from './HistoryRow.tsx';
import './history.css';

/** Steps that Page Up and Page Down go by. */
const PAGE = 10;

/** Small numbers with one digit behind the point, and never less than there is. */
function megabytes(bytes: number): number {
  const mb = bytes / 1024 ** 2;
  return mb < 10 ? Math.ceil(mb * 10) / 10 : Math.ceil(mb);
}

/** Where a key leads to in a list of `count`; null: the key is not the list's. */
function targetOf(code: string, index: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowUp: index - 1,
    ArrowDown: index + 1,
    PageUp: index - PAGE,
    PageDown: index + PAGE,
    Home: 0,
    End: count - 1,
  };
  const target = targets[code];
  return target === undefined ? null : Math.min(count - 1, Math.max(0, target));
}

/** The timeline from the oldest step to the newest, which lies at the bottom. Choosing a step goes there at once. */
export default function HistoryPanel() {
  const app = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const history = useEditor((state) => state.history);
  const budget = useEditor((state) => state.budget);
  const historyBudget = useStore(app.preferences.store, (state) => state.historyBudget);
  const keepsHistory = useStore(app.autosave.store, (state) => state.keepsHistory);
  const clock = useMemo(
    () => new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }),
    [language],
  );
  const index = history?.index ?? 0;
  const count = history?.entries.length ?? 0;

  // The present step stays in sight, and what can be redone follows it.
  useLayoutEffect(() => {
    const row = count > 0 && list.current?.children[index];
    if (row) row.scrollIntoView({ block: 'nearest' });
  }, [index, count]);

  if (!history) return null;

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = targetOf(event.code, index, count);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    jumpTo(app, target);
  }

  function onClick(event: MouseEvent) {
    const row = event.target instanceof Element && event.target.closest<HTMLElement>('[data-index]');
    if (!row) return;
    // The keys go on from there.
    list.current?.focus({ preventScroll: true });
    jumpTo(app, Number(row.dataset['index']));
  }

  const used = megabytes(heldBytes(history));
  return (
    <SidePanel
      title={t('timeline')}
      closeLabel={t('panel.close')}
      onClose={() => closePanel(app)}
      data-testid="history-panel"
    >
      {history.dropped && <p className="history-note">{t('timeline.dropped')}</p>}
      <div
        ref={list}
        className="steps"
        role="listbox"
        aria-label={t('timeline.order')}
        aria-activedescendant={`${id}${index}`}
        tabIndex={0}
        data-testid="history-list"
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        {history.entries.map(({ label, at, document }, k) => (
          <HistoryRow
            // Entries go at the top too: a row that stays keeps its step.
            key={keyOf(document)}
            id={`${id}${k}`}
            index={k}
            label={label}
            time={clock.format(at)}
            place={k < index ? 'past' : k === index ? 'present' : 'future'}
          />
        ))}
      </div>
      <p className="history-note" data-testid="history-budget">
        {t('timeline.held', { n: count, used, budget: megabytes(budget) })}
      </p>
      <SelectField
        label={t('timeline.budget')}
        value={historyBudget}
        options={HISTORY_BUDGETS.map((value) => ({ value, label: `${value} MB` }))}
        onChange={(value) => app.preferences.set({ historyBudget: value as HistoryBudget })}
      />
      {!keepsHistory && <p className="history-note">{t('timeline.unsaved')}</p>}
    </SidePanel>
  );
}

const keys = new WeakMap<object, number>();
let lastKey = 0;

/** A number for good, for whatever is never changed. */
function keyOf(value: object): number {
  const key = keys.get(value) ?? ++lastKey;
  keys.set(value, key);
  return key;
}
