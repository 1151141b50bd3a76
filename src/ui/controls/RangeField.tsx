import type { LucideIcon } from 'lucide-react';
import { NumberField } from './NumberField.tsx';
import './RangeField.css';

interface RangeFieldProps {
  readonly label: string;
  /** Stands for the label where there is no room for it. */
  readonly icon?: LucideIcon;
  readonly numberLabel: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly disabled?: boolean;
  /** Why it is disabled. */
  readonly hint?: string | undefined;
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
  disabled = false,
  hint,
  onChange,
  ...rest
}: RangeFieldProps) {
  return (
    <div className="range-field" title={hint}>
      {Icon && <Icon aria-hidden />}
      <span aria-hidden>{label}</span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={`${value} ${unit}`}
        value={value}
        min={min}
        max={max}
        step={1}
        disabled={disabled}
        style={{ '--share': (value - min) / (max - min) }}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        {...rest}
      />
      <div className="number">
        <NumberField
          label={numberLabel}
          value={value}
          min={min}
          max={max}
          disabled={disabled}
          onChange={onChange}
        />
        <span aria-hidden>{unit}</span>
      </div>
    </div>
  );
}
