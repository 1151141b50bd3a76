import { useApp, useSession, useTranslate } from '../app.ts';
import { Segmented } from '../controls/Segmented.tsx';

/** What a selecting tool does with the mask. */
export function ShapeModeSwitch() {
  const { session } = useApp();
  const t = useTranslate();
  const mode = useSession((state) => state.shapeMode);
  return (
    <Segmented
      label={t('shapeMode')}
      value={mode}
      options={[
        { value: 'add', label: t('shapeMode.add'), 'data-testid': 'shape-add' },
        { value: 'subtract', label: t('shapeMode.subtract'), 'data-testid': 'shape-subtract' },
      ]}
      onChange={session.setShapeMode}
    />
  );
}
