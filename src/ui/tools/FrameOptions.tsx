import { RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Document } from '../../editor/document.ts';
import { type PixelRect, sameRect } from '../../geometry/rect.ts';
import { atLimit } from '../../geometry/rectEdit.ts';
import { OVERLAP, uncoveredOf } from '../../jobs/editPlan.ts';
import { frameLimits, pictureRect } from '../../tools/frameTool.ts';
import { frameSides, resetFrame, spaceAround } from '../actions/frame.ts';
import { useApp, useEditor, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { FrameAspect } from './FrameAspect.tsx';
import { FrameSideField } from './FrameSideField.tsx';
import './frame.css';

const sizeText = ({ width, height }: PixelRect) => `${width} × ${height} px`;

export default function FrameOptions() {
  const document = useEditor((state) => state.document);
  return document && <FrameNumbers document={document} />;
}

/** The frame by numbers: room on each side, an aspect, and the size that comes of it. */
function FrameNumbers({ document }: { readonly document: Document }) {
  const app = useApp();
  const t = useTranslate();
  const { frame } = document;
  const picture = pictureRect(document);
  const options = useRef<HTMLDivElement>(null);

  // While an edge is dragged its numbers go along, written past React: a pointer move renders nothing.
  useEffect(() => {
    return app.session.store.subscribe(({ liveRect }, before) => {
      if (liveRect === before.liveRect) return;
      const rect = liveRect ?? frame;
      const space = spaceAround(rect, pictureRect(document));
      for (const input of options.current!.querySelectorAll('input')) {
        const side = frameSides.find((name) => name === input.name);
        if (side && input !== window.document.activeElement) input.value = String(space[side]);
      }
      options.current!.querySelector('[data-size]')!.textContent = sizeText(rect);
    });
  }, [app, document, frame]);

  return (
    <div ref={options} className="frame-options">
      <fieldset className="frame-sides" aria-label={t('frame.space')}>
        {frameSides.map((side) => (
          <FrameSideField key={side} side={side} frame={frame} picture={picture} />
        ))}
      </fieldset>
      <FrameAspect document={document} />
      <output className="frame-size" data-testid="frame-size">
        <span data-size>{sizeText(frame)}</span>
        {uncoveredOf(document).tiles.size > 0 && (
          <span className="frame-overlap">{t('frame.overlap', { px: OVERLAP })}</span>
        )}
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
