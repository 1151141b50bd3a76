import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { keyText } from './keys.ts';
import './Menu.css';

interface MenuProps {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end' | 'center';
}

/** A drop-down under its trigger, which must be a button. */
export function Menu({ trigger, children, align = 'start' }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly 'data-testid'?: string;
}

export function MenuItem({ label, icon: Icon, keys, disabled = false, onSelect, ...rest }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" disabled={disabled} onSelect={onSelect} {...rest}>
      {Icon ? <Icon aria-hidden /> : <span className="menu-gap" />}
      <span className="menu-label">{label}</span>
      {keys && <kbd>{keyText(keys)}</kbd>}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly note?: string }[];
  readonly onChange: (value: T) => void;
}

/** One of several; the menu stays open, so that the choice can be seen to work. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <>
      <DropdownMenu.Label className="menu-heading">{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={value}>
        {options.map((option) => (
          <DropdownMenu.RadioItem
            key={option.value}
            className="menu-item"
            value={option.value}
            onSelect={(event) => {
              event.preventDefault();
              onChange(option.value);
            }}
          >
            <span className="menu-gap">
              <DropdownMenu.ItemIndicator>
                <Check aria-hidden />
              </DropdownMenu.ItemIndicator>
            </span>
            <span className="menu-label">
              {option.label}
              {option.note && <small>{option.note}</small>}
            </span>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}

export const MenuLine = () => <DropdownMenu.Separator className="menu-line" />;
