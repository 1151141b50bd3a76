import { RadioGroup } from 'radix-ui';
import { releaseFocus } from './Button.tsx';
import './Segmented.css';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly 'data-testid': string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all seen at once. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <RadioGroup.Root
      className="segmented"
      aria-label={label}
      orientation="horizontal"
      value={value}
      onValueChange={(next) => onChange(next as T)}
    >
      {options.map(({ label: text, ...option }) => (
        <RadioGroup.Item key={option.value} {...option} onClick={releaseFocus}>
          {text}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
