import { RectangleHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { Document } from '../../editor/document.ts';
import { sameRect } from '../../geometry/rect.ts';
import { pictureRect } from '../../tools/frameTool.ts';
import { type AspectWay, aspects, chooseAspect, frameOfAspect, ratioOf } from '../actions/frame.ts';
import { useApp, useTranslate } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import { Segmented } from '../controls/Segmented.tsx';

/** Edge of the square that an aspect is drawn in, CSS px. */
const SIGN = 24;

/** Frames of a given aspect: grown around the picture, or cropped from its middle. */
export function FrameAspect({ document }: { readonly document: Document }) {
  const app = useApp();
  const t = useTranslate();
  const [way, setWay] = useState<AspectWay>('grow');
  const picture = pictureRect(document);
  return (
    <Popover
      className="aspects"
      label={t('frame.aspect')}
      trigger={
        <button type="button" className="button plain" data-testid="frame-aspect">
          <RectangleHorizontal aria-hidden />
          <span>{t('frame.aspect')}</span>
        </button>
      }
    >
      <Segmented
        label={t('frame.way')}
        value={way}
        options={[
          { value: 'grow', label: t('frame.grow'), 'data-testid': 'aspect-grow' },
          { value: 'crop', label: t('frame.crop'), 'data-testid': 'aspect-crop' },
        ]}
        onChange={setWay}
      />
      <p className="field-note">{t(`frame.${way}.hint`)}</p>
      <div className="aspect-grid">
        {(['original', ...aspects] as const).map((aspect) => {
          const ratio = ratioOf(aspect, picture);
          const frame = frameOfAspect(document, aspect, way);
          return (
            <button
              key={aspect}
              type="button"
              className="aspect"
              data-testid={`aspect-${aspect}`}
              aria-pressed={frame !== null && sameRect(frame, document.frame)}
              disabled={frame === null}
              title={frame === null ? t('frame.tooLarge') : undefined}
              onClick={() => chooseAspect(app, aspect, way)}
            >
              <span
                className="aspect-sign"
                style={{ width: SIGN * Math.min(1, ratio), height: SIGN * Math.min(1, 1 / ratio) }}
              />
              <span>{aspect === 'original' ? t('frame.original') : aspect}</span>
            </button>
          );
        })}
      </div>
    </Popover>
  );
}
