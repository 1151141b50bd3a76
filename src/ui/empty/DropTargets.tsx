import { ImageUp, SquareDashed } from 'lucide-react';
import { useTranslate } from '../app.ts';
import './dropTargets.css';

/** What a file is dropped for. */
export type DropUse = 'open' | 'mask';

/** Where there is no target below the pointer, a file is opened. */
export const dropUseAt = (target: EventTarget | null): DropUse =>
  target instanceof Element && target.closest('[data-drop="mask"]') ? 'mask' : 'open';

interface DropTargetsProps {
  /** A picture is open that a mask can belong to. */
  readonly withMask: boolean;
  readonly over: DropUse;
}

/** Shown while files are dragged over the window. */
export function DropTargets({ withMask, over }: DropTargetsProps) {
  const t = useTranslate();
  return (
    <div className="drop-targets">
      <div className="drop-target" data-drop="open" data-over={over === 'open'}>
        <ImageUp aria-hidden />
        <strong>{t(withMask ? 'drop.open' : 'drop.title')}</strong>
        {withMask && <span>{t('drop.text')}</span>}
      </div>
      {withMask && (
        <div className="drop-target" data-drop="mask" data-over={over === 'mask'}>
          <SquareDashed aria-hidden />
          <strong>{t('drop.mask')}</strong>
          <span>{t('drop.mask.text')}</span>
        </div>
      )}
    </div>
  );
}
