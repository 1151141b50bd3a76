import {
  Circle,
  Eraser,
  Frame,
  Hand,
  Lasso,
  type LucideIcon,
  Paintbrush,
  Pentagon,
  Square,
} from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { ToolId } from '../../editor/session.ts';
import { chooseTool } from '../actions/tools.ts';
import { useApp, useSession, useTranslate } from '../app.ts';
import { releaseFocus, WithTooltip } from '../controls/Button.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { MaskActions } from './MaskActions.tsx';
import './tools.css';

const tools: readonly { readonly id: ToolId; readonly icon: LucideIcon; readonly keys: string }[] = [
  { id: 'hand', icon: Hand, keys: 'H' },
  { id: 'erase', icon: Eraser, keys: 'B' },
  { id: 'restore', icon: Paintbrush, keys: 'E' },
  { id: 'rectangle', icon: Square, keys: 'R' },
  { id: 'ellipse', icon: Circle, keys: 'Shift+R' },
  { id: 'lasso', icon: Lasso, keys: 'L' },
  { id: 'polygon', icon: Pentagon, keys: 'Shift+L' },
  { id: 'frame', icon: Frame, keys: 'F' },
];

export function ToolRail() {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const active = useSession((state) => state.heldTool ?? state.tool);
  const rail = useRef<HTMLDivElement>(null);
  // In a small window it may have been scrolled away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs because the tool changed, without reading it
  useEffect(() => {
    const chosen = rail.current?.querySelector('[aria-checked="true"]');
    chosen?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [active, narrow]);
  return (
    <div className="rail panel">
      <RadioGroup.Root
        ref={rail}
        className="rail-tools"
        aria-label={t('tools')}
        orientation={narrow ? 'horizontal' : 'vertical'}
        value={active}
        onValueChange={(tool) => chooseTool(app, tool as ToolId)}
      >
        {tools.map(({ id, icon: Icon, keys }) => (
          <WithTooltip key={id} text={t(`tool.${id}`)} keys={keys} side={narrow ? 'top' : 'right'}>
            <RadioGroup.Item
              className="tool"
              value={id}
              data-testid={`tool-${id}`}
              aria-label={t(`tool.${id}`)}
              onClick={releaseFocus}
            >
              <Icon aria-hidden />
            </RadioGroup.Item>
          </WithTooltip>
        ))}
      </RadioGroup.Root>
      {narrow && <MaskActions />}
    </div>
  );
}
