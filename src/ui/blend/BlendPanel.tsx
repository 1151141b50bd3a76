import { RotateCcw, SquareStack, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import {
  type BlendSettings,
  DEFAULT_BLEND,
  FEATHER_RANGE,
  GROW_RANGE,
  sameBlend,
} from '../../blend/blendSettings.ts';
import { waitingGroups } from '../../jobs/staging.ts';
import { closePanel } from '../actions/blend.ts';
import { placeReframed } from '../actions/placing.ts';
import { useApp, useEditor, useJobs, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { RangeField } from '../controls/RangeField.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { SidePanel } from '../controls/SidePanel.tsx';
import { Switch } from '../controls/Switch.tsx';
import { fitSummary, hasColour, hasSpill } from './fitSummary.ts';
import { LookChoice } from './LookChoice.tsx';
import { type Blended, useBlendTarget } from './useBlendTarget.ts';
import { useFitText } from './useFitText.ts';
import { useInSight } from './useInSight.ts';
import './blend.css';

/** How a raw result is made part of the picture: each slider is seen at once, and nothing is asked of a service. */
export default function BlendPanel() {
  const app = useApp();
  const t = useTranslate();
  const blended = useBlendTarget();
  const target = blended?.target;
  const left = useNothingLeft() && !blended;
  const key = target && (target.kind === 'layer' ? target.id : target.resultId);
  const { blending, ui } = app;
  // What was said of another result is kept, and the picture is looked at as ever.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the target changes, without reading it
  useEffect(
    () => () => {
      void blending.settle();
      ui.setLook('painted');
    },
    [key, blending, ui],
  );
  useEffect(() => {
    if (left) ui.setPanel(null);
  }, [left, ui]);
  return (
    <SidePanel
      title={t('blend')}
      closeLabel={t('panel.close')}
      onClose={() => closePanel(app)}
      data-testid="blend-panel"
    >
      {blended ? (
        <Settings key={key} {...blended} />
      ) : (
        <p className="side-panel-text">{t('blend.nothing')}</p>
      )}
    </SidePanel>
  );
}

/** True when no result waits that could be chosen instead, as after undo. */
function useNothingLeft(): boolean {
  const document = useEditor((state) => state.document);
  const groups = useJobs((state) => state.groups);
  const ofLayer = useUi(({ panel }) => panel?.kind === 'blend' && panel.layerId !== null);
  return ofLayer || waitingGroups(groups, document).length === 0;
}

function Settings({ target, layers, settings }: Blended) {
  const { blending } = useApp();
  useInSight(layers);
  const t = useTranslate();
  const fit = fitSummary(layers);
  const fitText = useFitText(fit);
  const colour = hasColour(layers);
  const adjust = (change: Partial<BlendSettings>) => blending.adjust(target, change);
  return (
    <>
      <LookChoice />
      {fit?.kind === 'reframed' && <Reframed />}
      <RangeField
        label={t('blend.grow')}
        numberLabel={t('blend.grow.number')}
        unit="px"
        value={settings.grow}
        {...GROW_RANGE}
        onChange={(grow) => adjust({ grow })}
        data-testid="blend-grow"
      />
      <RangeField
        label={t('blend.feather')}
        numberLabel={t('blend.feather.number')}
        unit="px"
        value={settings.feather}
        {...FEATHER_RANGE}
        onChange={(feather) => adjust({ feather })}
        data-testid="blend-feather"
      />
      <RangeField
        label={t('blend.colour')}
        numberLabel={t('blend.colour.number')}
        unit="%"
        value={Math.round(settings.colour * 100)}
        min={0}
        max={100}
        disabled={!colour}
        onChange={(percent) => adjust({ colour: percent / 100 })}
        data-testid="blend-colour"
      />
      {!colour && (
        <p className="blend-note">
          {t(fit?.kind === 'same' || fit?.kind === 'moved' ? 'blend.colour.none' : 'blend.align.unclear')}
        </p>
      )}
      <Switch
        label={t('blend.align')}
        text={fitText}
        checked={settings.align && fit?.kind === 'moved'}
        disabled={fit?.kind !== 'moved'}
        onChange={(align) => adjust({ align })}
        data-testid="blend-align"
      />
      <div className="blend-row">
        <span aria-hidden>{t('blend.seam')}</span>
        <Segmented
          label={t('blend.seam')}
          value={settings.seam}
          options={[
            { value: 'feather', label: t('blend.seam.feather'), 'data-testid': 'blend-seam-feather' },
            { value: 'gradient', label: t('blend.seam.gradient'), 'data-testid': 'blend-seam-gradient' },
          ]}
          onChange={(seam) => adjust({ seam })}
        />
      </div>
      {hasSpill(layers) && (
        <div className="blend-offer">
          <Switch
            label={t('blend.include')}
            text={t('blend.include.hint')}
            checked={settings.include}
            onChange={(include) => adjust({ include })}
            data-testid="blend-include"
          />
        </div>
      )}
      <div className="blend-foot">
        <span className="blend-note">{t('blend.free')}</span>
        <Button
          icon={RotateCcw}
          look="plain"
          label={t('blend.reset')}
          disabled={sameBlend(settings, DEFAULT_BLEND)}
          data-testid="blend-reset"
          onClick={() => adjust(DEFAULT_BLEND)}
        />
      </div>
    </>
  );
}

/** Nothing fits: the whole answer can be had as a layer instead. */
function Reframed() {
  const app = useApp();
  const t = useTranslate();
  const layerId = useUi(({ panel }) => (panel?.kind === 'blend' ? panel.layerId : null));
  return (
    <div className="blend-warning">
      <TriangleAlert aria-hidden />
      <p>{t('blend.reframed')}</p>
      <Button
        icon={SquareStack}
        look="outline"
        label={t('place.layer')}
        data-testid="place-raw"
        onClick={() => void placeReframed(app, layerId)}
      />
    </div>
  );
}
