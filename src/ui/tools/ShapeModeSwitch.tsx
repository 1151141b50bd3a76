import { useApp, useSession, useTranslate } from '../app.ts';
import { Segmented } from '../controls/Segmented.tsx';

/** Whether the next shape or selection adds or takes away; Alt at the start of a gesture flips it. */
export function ShapeModeSwitch() {
  const { session } = useApp();
  const t = useTranslate();
  return (
    <Segmented
      label={t('shape.mode')}
      value={useSession((state) => state.shapeMode)}
      options={[
        { value: 'add', label: t('shape.add'), 'data-testid': 'shape-add' },
        { value: 'subtract', label: t('shape.subtract'), 'data-testid': 'shape-subtract' },
      ]}
      onChange={session.setShapeMode}
    />
  );
}
