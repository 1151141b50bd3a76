import {
  Blend,
  CircleDashed,
  Contrast,
  Diamond,
  type LucideIcon,
  Maximize2,
  Minimize2,
  PaintBucket,
  Shapes,
  Sparkles,
  Spline,
  Square,
  SquareDashed,
  SquareDot,
} from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { BorderSide, OperationKind } from '../../raster/operations/operation.ts';
import { clearMask, invert } from '../actions/mask.ts';
import {
  applyOperation,
  cancelOperation,
  closeOperations,
  fillAll,
  fillHoles,
  previewOperation,
} from '../actions/operations.ts';
import { useApp, useEditor, useLanguage, useSession, useTranslate } from '../app.ts';
import { Button, releaseFocus } from '../controls/Button.tsx';
import { RangeField } from '../controls/RangeField.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { SidePanel } from '../controls/SidePanel.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { coverageText } from '../useAnnouncements.ts';
import { operationKinds, operationSettings } from './operationSettings.ts';
import './operations.css';

const icons: Readonly<Record<OperationKind, LucideIcon>> = {
  grow: Maximize2,
  shrink: Minimize2,
  feather: Blend,
  smooth: Spline,
  border: CircleDashed,
  threshold: Diamond,
  specks: Sparkles,
  holes: SquareDot,
  largest: Shapes,
};

const sides: readonly BorderSide[] = ['outside', 'both', 'inside'];

/** What was set last of each, as long as the page is open. */
const remembered = {
  values: Object.fromEntries(operationKinds.map((kind) => [kind, operationSettings[kind].initial])) as Record<
    OperationKind,
    number
  >,
  side: 'both' as BorderSide,
};

/** Changes the mask as a whole: some at once, others by sliders that are seen on the canvas until they are applied. */
export default function OperationsPanel() {
  const app = useApp();
  const t = useTranslate();
  const chosen = useStore(app.modifying.store, ({ wish }) =>
    wish && wish.kind !== 'import' ? wish.kind : null,
  );
  const erasing = useSession((state) => state.layerId !== null);
  const narrow = useNarrow();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => () => app.modifying.drop(), [app]);
  useEffect(() => {
    if (erasing) closeOperations(app);
  }, [erasing, app]);
  // The buttons that had the focus are gone: it goes back to the operation.
  const leave = (kind: OperationKind) =>
    setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-testid=operation-${kind}]`)?.focus());
  function end(how: () => unknown) {
    const within = document.activeElement?.closest('.operation-chosen');
    how();
    if (within && chosen) leave(chosen);
  }
  return (
    <SidePanel
      title={narrow && chosen ? t(`operation.${chosen}`) : t('operations')}
      closeLabel={t('panel.close')}
      onClose={() => closeOperations(app)}
      onEscape={() => (chosen ? end(() => cancelOperation(app)) : closeOperations(app))}
      data-testid="operations-panel"
    >
      <div className="operations" data-chosen={chosen !== null}>
        <AtOnce />
        <Operations ref={list} chosen={chosen} />
        {chosen && <Chosen key={chosen} kind={chosen} onEnd={end} />}
      </div>
    </SidePanel>
  );
}

/** What needs no settings. */
function AtOnce() {
  const app = useApp();
  const t = useTranslate();
  const empty = useEditor((state) => (state.document?.mask.tiles.size ?? 0) === 0);
  return (
    <div className="operations-at-once">
      <Button
        icon={Contrast}
        look="plain"
        label={t('operation.invert')}
        keys="Mod+I"
        data-testid="operation-invert"
        onClick={() => invert(app)}
      />
      <Button
        icon={Square}
        look="plain"
        label={t('operation.fill')}
        data-testid="operation-fill"
        onClick={() => fillAll(app)}
      />
      <Button
        icon={SquareDashed}
        look="plain"
        label={t('operation.clear')}
        keys="Delete"
        disabled={empty}
        data-testid="operation-clear"
        onClick={() => clearMask(app)}
      />
      <Button
        icon={PaintBucket}
        look="plain"
        label={t('operation.fillHoles')}
        hint={t('operation.fillHoles.hint')}
        disabled={empty}
        data-testid="operation-fill-holes"
        onClick={() => void fillHoles(app)}
      />
    </div>
  );
}

interface OperationsProps {
  readonly ref: React.Ref<HTMLDivElement>;
  readonly chosen: OperationKind | null;
}

function Operations({ ref, chosen }: OperationsProps) {
  const app = useApp();
  const t = useTranslate();
  const empty = useEditor((state) => (state.document?.mask.tiles.size ?? 0) === 0);
  function choose(kind: OperationKind | '') {
    if (kind === '') cancelOperation(app);
    else previewOperation(app, kind, remembered.values[kind], remembered.side);
  }
  return (
    <>
      <ToggleGroup.Root
        ref={ref}
        type="single"
        className="operations-list"
        aria-label={t('operations')}
        value={chosen ?? ''}
        disabled={empty}
        onValueChange={(kind) => choose(kind as OperationKind | '')}
      >
        {operationKinds.map((kind) => {
          const Icon = icons[kind];
          return (
            <ToggleGroup.Item
              key={kind}
              value={kind}
              data-testid={`operation-${kind}`}
              onClick={releaseFocus}
            >
              <Icon aria-hidden />
              <span>{t(`operation.${kind}`)}</span>
            </ToggleGroup.Item>
          );
        })}
      </ToggleGroup.Root>
      {empty && <p className="operations-note">{t('operations.empty')}</p>}
    </>
  );
}

interface ChosenProps {
  readonly kind: OperationKind;
  readonly onEnd: (how: () => unknown) => void;
}

/** The slider of the operation that is previewed. */
function Chosen({ kind, onEnd }: ChosenProps) {
  const app = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const [value, setValue] = useState(remembered.values[kind]);
  const [side, setSide] = useState(remembered.side);
  const working = useStore(app.modifying.store, (state) => state.working);
  const covered = useStore(app.modifying.store, (state) => state.covered);
  const { unit, min, max } = operationSettings[kind];
  const percent = (share: number) => coverageText(share, language);
  function adjust(next: number, nextSide: BorderSide) {
    if (next === value && nextSide === side) return;
    remembered.values[kind] = next;
    remembered.side = nextSide;
    setValue(next);
    setSide(nextSide);
    previewOperation(app, kind, next, nextSide);
  }
  return (
    <div className="operation-chosen" data-testid="operation-chosen" data-working={working}>
      <RangeField
        label={t(`operation.${kind}.value`)}
        numberLabel={t('operation.number', { name: t(`operation.${kind}.value`) })}
        unit={unit}
        value={value}
        min={min}
        max={max}
        onChange={(next) => adjust(next, side)}
        data-testid="operation-value"
      />
      {kind === 'border' && (
        <Segmented
          label={t('operation.border.side')}
          value={side}
          options={sides.map((option) => ({
            value: option,
            label: t(`operation.border.${option}`),
            'data-testid': `operation-side-${option}`,
          }))}
          onChange={(next) => adjust(value, next)}
        />
      )}
      <p className="operations-note">{t(`operation.${kind}.hint`)}</p>
      <div className="operation-foot">
        <span className="operations-note" data-testid="operation-covered">
          {covered
            ? t('operation.covered', { before: percent(covered.before), after: percent(covered.after) })
            : t('operation.wait')}
        </span>
        <Button
          look="outline"
          label={t('cancel')}
          data-testid="operation-cancel"
          onClick={() => onEnd(() => cancelOperation(app))}
        />
        <Button
          look="primary"
          label={t('operation.apply')}
          data-testid="operation-apply"
          onClick={() => onEnd(() => void applyOperation(app))}
        />
      </div>
    </div>
  );
}
