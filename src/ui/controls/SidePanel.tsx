import { X } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from './Button.tsx';
import './SidePanel.css';

interface SidePanelProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  /** What Escape does, when it is not closing. */
  readonly onEscape?: () => void;
  readonly children: ReactNode;
  readonly 'data-testid': string;
}

/** Floats at the right of a wide window and is a sheet at the bottom of a small one; the canvas stays usable. */
export function SidePanel({
  title,
  closeLabel,
  onClose,
  onEscape = onClose,
  children,
  ...rest
}: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  const leave = useRef(onEscape);
  leave.current = onEscape;

  // Opened by a key, it takes the focus, and gives it back where it came from: before it leaves the page.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const byKey = opener instanceof HTMLElement && opener.matches('button:focus-visible');
    const own = panel.current;
    if (byKey) own?.focus({ preventScroll: true });
    return () => {
      if (byKey && own?.contains(document.activeElement)) opener.focus({ preventScroll: true });
    };
  }, []);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const elsewhere = event.target instanceof Element && event.target.closest('textarea, [role="dialog"]');
      if (event.code !== 'Escape' || event.defaultPrevented || event.isComposing || elsewhere) return;
      event.preventDefault();
      leave.current();
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);

  return (
    <section ref={panel} className="side-panel panel" aria-label={title} tabIndex={-1} {...rest}>
      <header className="side-panel-head">
        <h2>{title}</h2>
        <Button icon={X} label={closeLabel} tooltip={false} data-testid="panel-close" onClick={onClose} />
      </header>
      <div className="side-panel-body">{children}</div>
    </section>
  );
}
