import type { LucideIcon } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import type { ComponentProps, MouseEvent } from 'react';
import { keyText } from './keys.ts';
import './Button.css';

type ButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  readonly label: string;
  readonly icon?: LucideIcon;
  /** icon: only the icon is seen and the label is in the tooltip. */
  readonly look?: 'icon' | 'plain' | 'primary' | 'outline';
  /** What the tooltip says beyond the label. */
  readonly hint?: string;
  readonly keys?: string;
  /** False where the icon speaks for itself: in a layer of its own, Escape would close the tooltip first. */
  readonly tooltip?: boolean;
};

/**
 * A click with the mouse gives the focus away again: with the focus on a button, the Space that pans the canvas
 * would press it once more.
 */
export function releaseFocus(event: MouseEvent<HTMLElement>) {
  if (event.detail > 0) event.currentTarget.blur();
}

export function Button({
  label,
  icon: Icon,
  look = 'icon',
  hint,
  keys,
  tooltip = true,
  onClick,
  className,
  ...rest
}: ButtonProps) {
  const button = (
    <button
      type="button"
      className={`button ${look} ${className ?? ''}`}
      {...(look === 'icon' ? { 'aria-label': label } : {})}
      onClick={(event) => {
        releaseFocus(event);
        onClick?.(event);
      }}
      {...rest}
    >
      {Icon && <Icon aria-hidden />}
      {look !== 'icon' && <span>{label}</span>}
    </button>
  );
  const words = hint ?? (look === 'icon' ? label : null);
  return tooltip && (words || keys) ? (
    <WithTooltip text={words ?? label} keys={keys}>
      {button}
    </WithTooltip>
  ) : (
    button
  );
}

interface WithTooltipProps {
  readonly text: string;
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom';
  readonly children: ComponentProps<typeof Tooltip.Trigger>['children'];
}

export function WithTooltip({ text, keys, side = 'bottom', children }: WithTooltipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" side={side} sideOffset={8} collisionPadding={8}>
          {text}
          {keys && <kbd>{keyText(keys)}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
