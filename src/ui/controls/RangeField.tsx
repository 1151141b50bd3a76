import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import './RangeField.css';

interface RangeFieldProps {
  readonly label: string;
  /** Stands for the label where there is no room for it. */
  readonly icon: LucideIcon;
  readonly numberLabel: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
  readonly 'data-testid'?: string;
}

/** A slider with a field for the exact number; both hold the same value in the same unit. */
export function RangeField({
  label,
  icon: Icon,
  numberLabel,
  unit,
  value,
  min,
  max,
  onChange,
  ...rest
}: RangeFieldProps) {
  // What is being typed may not be a valid number yet ("", "5000"); the field shows it until it is left.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className="range-field">
      <Icon aria-hidden />
      <span aria-hidden>{label}</span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={`${value} ${unit}`}
        value={value}
        min={min}
        max={max}
        step={1}
        style={{ '--share': (value - min) / (max - min) }}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        {...rest}
      />
      <label className="number">
        <input
          type="number"
          inputMode="numeric"
          aria-label={numberLabel}
          value={typed ?? value}
          min={min}
          max={max}
          onChange={(event) => {
            const next = event.target.valueAsNumber;
            setTyped(event.target.value);
            if (next >= min && next <= max) onChange(Math.round(next));
          }}
          onBlur={() => setTyped(null)}
        />
        <span aria-hidden>{unit}</span>
      </label>
    </div>
  );
}
