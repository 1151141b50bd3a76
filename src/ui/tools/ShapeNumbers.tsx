import { Ruler } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { type PixelRect, pixelRect } from '../../geometry/rect.ts';
import type { ShapeMode } from '../../raster/rectangle.ts';
import { type BoxKind, firstBox, placeBox } from '../actions/shapes.ts';
import { useApp, useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { Popover } from '../controls/Popover.tsx';
import { typedNumber } from '../controls/typedNumber.ts';

/** Document px: further away there can be no frame. */
const FURTHEST = 32_768;

const sides = ['x', 'y', 'width', 'height'] as const;
type Typed = Readonly<Record<(typeof sides)[number], string>>;

const textOf = ({ x, y, width, height }: PixelRect): Typed => ({
  x: String(x),
  y: String(y),
  width: String(width),
  height: String(height),
});

/** null while one of the numbers is none. */
function boxOf(typed: Typed): PixelRect | null {
  const x = typedNumber(typed.x, -FURTHEST, FURTHEST);
  const y = typedNumber(typed.y, -FURTHEST, FURTHEST);
  const width = typedNumber(typed.width, 1, 2 * FURTHEST);
  const height = typedNumber(typed.height, 1, 2 * FURTHEST);
  const complete = x !== null && y !== null && width !== null && height !== null;
  return complete ? pixelRect(x, y, width, height) : null;
}

/** A rectangle or an ellipse without a pointer: seen on the picture while it is typed, done by Enter or a button. */
export function ShapeNumbers({ kind }: { readonly kind: BoxKind }) {
  const t = useTranslate();
  return (
    <Popover
      className="shape-numbers"
      label={t('shape.numbers')}
      trigger={
        <button type="button" className="button plain" data-testid="shape-numbers">
          <Ruler aria-hidden />
          <span>{t('shape.numbers')}</span>
        </button>
      }
    >
      <NumbersForm kind={kind} />
    </Popover>
  );
}

function NumbersForm({ kind }: { readonly kind: BoxKind }) {
  const app = useApp();
  const t = useTranslate();
  const { session } = app;
  const [typed, setTyped] = useState<Typed | null>(() => {
    const box = firstBox(app);
    return box && textOf(box);
  });
  const box = typed && boxOf(typed);
  const mode = useSession((state) => state.shapeMode);

  useEffect(() => {
    session.setLiveRect(box);
    return () => session.setLiveRect(null);
  }, [session, box]);

  if (!typed) return null;
  const place = (mode: ShapeMode) => box && placeBox(app, kind, box, mode);
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    place(mode);
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <div className="shape-sides">
        {sides.map((side) => (
          <label key={side}>
            <span>{t(`shape.${side}`)}</span>
            {/* No inputmode: some phones then leave out the minus sign. */}
            <input
              type="number"
              aria-label={t('shape.field', { side: t(`shape.${side}`) })}
              data-testid={`shape-${side}`}
              value={typed[side]}
              min={side === 'x' || side === 'y' ? -FURTHEST : 1}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setTyped({ ...typed, [side]: event.target.value })}
            />
          </label>
        ))}
      </div>
      <p className="field-note">{t('shape.numbers.hint')}</p>
      <div className="shape-buttons">
        {(['subtract', 'add'] as const).map((way) => (
          // Enter presses the one that the switch says.
          <Button
            key={way}
            look={way === mode ? 'primary' : 'outline'}
            type={way === mode ? 'submit' : 'button'}
            label={t(`shape.${way}`)}
            disabled={!box}
            onClick={way === mode ? undefined : () => place(way)}
            data-testid={`numbers-${way}`}
          />
        ))}
      </div>
    </form>
  );
}
