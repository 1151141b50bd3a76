import type { LucideIcon } from 'lucide-react';
import { Button } from '../controls/Button.tsx';

interface ToggleButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly hint: string;
  readonly pressed: boolean;
  readonly onChange: (pressed: boolean) => void;
  readonly 'data-testid': string;
}

/** On or off, where a bar has no room for a switch with its name. */
export function ToggleButton({ pressed, onChange, ...rest }: ToggleButtonProps) {
  return (
    <Button
      {...rest}
      look="plain"
      className="toggle"
      aria-pressed={pressed}
      onClick={() => onChange(!pressed)}
    />
  );
}
