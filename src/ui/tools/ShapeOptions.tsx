import { Check, Delete } from 'lucide-react';
import { useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { ShapeModeSwitch } from './ShapeModeSwitch.tsx';
import { ShapeNumbers } from './ShapeNumbers.tsx';
import './shapes.css';

/** Of rectangle, ellipse, lasso and polygon. */
export default function ShapeOptions() {
  const tool = useSession((state) => state.tool);
  return (
    <>
      <ShapeModeSwitch />
      {(tool === 'rectangle' || tool === 'ellipse') && <ShapeNumbers kind={tool} />}
      {tool === 'polygon' && <PolygonSteps />}
    </>
  );
}

/** For fingers, which have no Enter and no Backspace. */
function PolygonSteps() {
  const t = useTranslate();
  const unfinished = useSession((state) => state.unfinished);
  return (
    <div className="polygon-steps">
      <Button
        icon={Check}
        label={t('shape.finish')}
        hint={t('shape.finish.hint')}
        keys="Enter"
        disabled={!unfinished?.complete}
        onClick={unfinished?.finish}
        data-testid="shape-finish"
      />
      <Button
        icon={Delete}
        label={t('shape.takeBack')}
        keys="Backspace"
        disabled={!unfinished}
        onClick={unfinished?.takeBack}
        data-testid="shape-take-back"
      />
    </div>
  );
}
