import { RotateCcw } from 'lucide-react';
import type { Document } from '../../editor/document.ts';
import { sameRect } from '../../geometry/rect.ts';
import { atLimit } from '../../geometry/rectEdit.ts';
import { frameLimits, pictureRect } from '../../tools/frameTool.ts';
import { frameSides, resetFrame } from '../actions/frame.ts';
import { useApp, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { FrameAspect } from './FrameAspect.tsx';
import { FrameSideField } from './FrameSideField.tsx';
import './frame.css';

/** The frame by numbers: room on each side, an aspect, and the size that comes of it. */
export function FrameOptions({ document }: { readonly document: Document }) {
  const app = useApp();
  const t = useTranslate();
  const { frame } = document;
  const picture = pictureRect(document);
  return (
    <div className="frame-options">
      <fieldset className="frame-sides" aria-label={t('frame.space')}>
        {frameSides.map((side) => (
          <FrameSideField key={side} side={side} frame={frame} picture={picture} />
        ))}
      </fieldset>
      <FrameAspect document={document} />
      <output className="frame-size" data-testid="frame-size">
        <span>{`${frame.width} × ${frame.height} px`}</span>
        {atLimit(frame, frameLimits) && <span className="frame-largest">{t('frame.largest')}</span>}
      </output>
      <Button
        icon={RotateCcw}
        label={t('frame.reset')}
        disabled={sameRect(frame, picture)}
        onClick={() => resetFrame(app)}
        data-testid="frame-reset"
      />
    </div>
  );
}
