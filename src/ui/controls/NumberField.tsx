import { type KeyboardEvent, useState } from 'react';
import { focusStage } from '../actions/focus.ts';
import { settledNumber, typedNumber } from './typedNumber.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/**
 * A whole number. What is typed may be none yet ("", "5000"): the field shows it until Enter or until it is left,
 * and then the nearest one that is allowed.
 */
export function NumberField({ label, value, min, max, disabled = false, onChange }: NumberFieldProps) {
  const [typing, setTyping] = useState<{ readonly text: string; readonly former: number } | null>(null);

  function settle() {
    if (!typing) return;
    setTyping(null);
    onChange(settledNumber(typing.text, min, max, typing.former));
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return;
    event.preventDefault();
    // Leaving the field settles it.
    focusStage();
  }

  return (
    <input
      type="number"
      inputMode="numeric"
      aria-label={label}
      value={typing?.text ?? value}
      min={min}
      max={max}
      disabled={disabled}
      onChange={(event) => {
        const text = event.target.value;
        setTyping({ text, former: typing?.former ?? value });
        const number = typedNumber(text, min, max);
        if (number !== null) onChange(number);
      }}
      onBlur={settle}
      onKeyDown={onKeyDown}
    />
  );
}
