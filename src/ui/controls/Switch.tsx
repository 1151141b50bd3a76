import { Switch as Radix } from 'radix-ui';
import { useId } from 'react';
import './Switch.css';

interface SwitchProps {
  readonly label: string;
  /** Said below the label: what it does, or why it can't. */
  readonly text?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly 'data-testid'?: string;
}

/** On or off, at once. */
export function Switch({ label, text, checked, disabled = false, onChange, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <div className="switch-field">
      <label htmlFor={id}>{label}</label>
      <Radix.Root
        id={id}
        className="switch"
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        {...(text ? { 'aria-describedby': `${id}-text` } : {})}
        {...rest}
      >
        <Radix.Thumb className="switch-thumb" />
      </Radix.Root>
      {text && (
        <p id={`${id}-text`} className="switch-text">
          {text}
        </p>
      )}
    </div>
  );
}
