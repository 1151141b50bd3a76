import { ArrowDownFromLine, ArrowLeftFromLine, ArrowRightFromLine, ArrowUpFromLine } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { PixelRect } from '../../geometry/rect.ts';
import { focusStage } from '../actions/focus.ts';
import { changeFrame, type FrameSide, spaceAround, spaceRange, withSpace } from '../actions/frame.ts';
import { useApp, useTranslate } from '../app.ts';
import { settledNumber, typedNumber } from '../controls/typedNumber.ts';

const icons = {
  left: ArrowLeftFromLine,
  top: ArrowUpFromLine,
  right: ArrowRightFromLine,
  bottom: ArrowDownFromLine,
} as const;

interface FrameSideFieldProps {
  readonly side: FrameSide;
  readonly frame: PixelRect;
  readonly picture: PixelRect;
}

/** What is typed is seen on the canvas at once, and becomes one step when the field is left or by Enter. */
export function FrameSideField({ side, frame, picture }: FrameSideFieldProps) {
  const app = useApp();
  const t = useTranslate();
  const [text, setText] = useState<string | null>(null);
  const { min, max } = spaceRange(frame, picture, side);
  const space = spaceAround(frame, picture)[side];
  const words = t('frame.side', { side: t(`frame.${side}`) });
  const Icon = icons[side];

  function leave() {
    setText(null);
    app.session.setLiveRect(null);
  }

  function settle() {
    if (text === null) return;
    leave();
    changeFrame(app, withSpace(frame, picture, side, settledNumber(text, min, max, space)));
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.code === 'Escape') leave();
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return;
    event.preventDefault();
    // Leaving the field settles it.
    focusStage();
  }

  return (
    // A title and no tooltip: that one would open with the focus, over what is typed.
    <label className="frame-side" title={words}>
      <Icon aria-hidden />
      {/* No inputmode: some phones then leave out the minus sign. */}
      <input
        type="number"
        name={side}
        aria-label={words}
        data-testid={`frame-${side}`}
        value={text ?? space}
        min={min}
        max={max}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setText(event.target.value);
          const typed = typedNumber(event.target.value, min, max);
          app.session.setLiveRect(typed === null ? null : withSpace(frame, picture, side, typed));
        }}
        onBlur={settle}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}
