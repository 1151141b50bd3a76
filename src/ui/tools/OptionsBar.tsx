import type { ComponentType } from 'react';
import type { ToolId } from '../../editor/session.ts';
import { useEditor, useSession, useTranslate } from '../app.ts';
import { useNarrow } from '../controls/useNarrow.ts';
import { fetched } from '../fetched.tsx';
import { BrushOptions } from './BrushOptions.tsx';
import { MaskActions } from './MaskActions.tsx';

/** Fetched when the tool is first chosen. */
const FrameOptions = fetched(() => import('./FrameOptions.tsx'));
const ShapeOptions = fetched(() => import('./ShapeOptions.tsx'));
const WandOptions = fetched(() => import('./WandOptions.tsx'));
const SmartOptions = fetched(() => import('./SmartOptions.tsx'));

/** What can be set of each tool; tools that are not named here have no options. */
const options: Partial<Readonly<Record<ToolId, ComponentType>>> = {
  erase: BrushOptions,
  restore: BrushOptions,
  rectangle: ShapeOptions,
  ellipse: ShapeOptions,
  lasso: ShapeOptions,
  polygon: ShapeOptions,
  wand: WandOptions,
  smart: SmartOptions,
  frame: FrameOptions,
};

/** Options of the active tool, with the mask's own actions beside them. */
export function OptionsBar() {
  const t = useTranslate();
  const narrow = useNarrow();
  const tool = useSession((state) => state.tool);
  const hasDocument = useEditor((state) => state.document !== null);
  // A brush may be set before there is a picture.
  const Options = hasDocument || tool !== 'frame' ? options[tool] : undefined;
  if (narrow && !Options) return null;
  return (
    <section className="options panel" aria-label={t('tool.options')}>
      {Options && <Options />}
      {!narrow && (
        <>
          {Options && <span className="divider" />}
          <MaskActions />
        </>
      )}
    </section>
  );
}
