import { ArrowLeftRight, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { MaskWay } from '../../raster/combineSteps.ts';
import type { Mask } from '../../raster/mask.ts';
import { applyImport, cancelImport, factsOf, onlyLook } from '../actions/importMask.ts';
import { useApp, useEditor, useLanguage, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { SidePanel } from '../controls/SidePanel.tsx';
import { useObjectUrl } from '../controls/useObjectUrl.ts';
import { say } from '../messages/say.ts';
import type { FoundMask } from '../state/ui.ts';
import { coverageText } from '../useAnnouncements.ts';
import './maskImport.css';

/** A mask from a file: how it is meant and how it comes to the one that is there; seen on the canvas all the while. */
export default function ImportPanel() {
  const app = useApp();
  const t = useTranslate();
  const panel = useUi((state) => state.panel);
  useEffect(() => onlyLook(app), [app]);
  useEffect(() => {
    const { modifying, ui } = app;
    // Applied, cancelled, or a stroke or another document took its place.
    const stop = modifying.store.subscribe(({ wish }) => {
      if (!wish && ui.store.getState().panel?.kind === 'import-mask') ui.setPanel(null);
    });
    return () => {
      stop();
      modifying.drop();
    };
  }, [app]);
  if (panel?.kind !== 'import-mask') return null;
  return (
    <SidePanel
      title={t('import')}
      closeLabel={t('panel.close')}
      onClose={() => cancelImport(app)}
      data-testid="import-panel"
    >
      <Preview key={panel.found.id} found={panel.found} mask={panel.mask} />
    </SidePanel>
  );
}

/** What Enter means something of its own to. */
const ownEnter = 'button, input, select, textarea, [role="menu"], [role="dialog"], [role="alertdialog"]';

const ways: readonly MaskWay[] = ['replace', 'add', 'subtract', 'intersect'];

interface PreviewProps {
  readonly found: FoundMask;
  readonly mask: Mask;
}

function Preview({ found, mask }: PreviewProps) {
  const app = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const [flipped, setFlipped] = useState(found.file.flipped);
  const [way, setWay] = useState<MaskWay>('replace');
  const painted = useEditor((state) => (state.document?.mask.tiles.size ?? 0) > 0);
  const { rect } = found;
  const { covered, working } = useStore(app.modifying.store);
  const share = working ? null : (covered?.after ?? null);
  useEffect(() => {
    app.modifying.preview({ kind: 'import', mask, rect, flipped, way });
  }, [app, mask, rect, flipped, way]);
  const sides = found.file.kind === 'alpha' ? 'alpha' : 'grey';
  useEffect(() => {
    if (share === null) return;
    function onKeyDown(event: KeyboardEvent) {
      const own = event.target instanceof Element && event.target.closest(ownEnter);
      if (event.code !== 'Enter' || event.defaultPrevented || event.isComposing || own) return;
      event.preventDefault();
      void applyImport(app);
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [app, share]);
  return (
    <>
      <Source found={found} />
      <div className="import-row">
        <span role="status">{t(`import.${sides}.${flipped ? 'flipped' : 'straight'}`)}</span>
        <Button
          icon={ArrowLeftRight}
          look="outline"
          label={t('import.flip')}
          hint={t('import.flip.hint')}
          aria-pressed={flipped}
          data-testid="import-flip"
          onClick={() => setFlipped(!flipped)}
        />
      </div>
      {painted && (
        <div className="import-ways">
          <Segmented
            label={t('import.way')}
            value={way}
            options={ways.map((value) => ({
              value,
              label: t(`import.way.${value}`),
              'data-testid': `import-${value}`,
            }))}
            onChange={setWay}
          />
        </div>
      )}
      <p className="import-note" role="status">
        {share === null ? t('import.wait') : t('import.covered', { percent: coverageText(share, language) })}
      </p>
      <div className="import-foot">
        <Button
          look="outline"
          label={t('cancel')}
          data-testid="import-cancel"
          onClick={() => cancelImport(app)}
        />
        <Button
          look="primary"
          label={t('import.apply')}
          disabled={share === null}
          data-testid="import-apply"
          onClick={() => void applyImport(app)}
        />
      </div>
    </>
  );
}

/** The file as it is, and what was made of it. */
function Source({ found }: { readonly found: FoundMask }) {
  const t = useTranslate();
  const url = useObjectUrl(found.blob);
  const { kind, size } = found.file;
  const [readFrom, ...notes] = factsOf(found);
  return (
    <>
      <div className="import-source">
        <img src={url} alt="" />
        <div>
          <strong>{found.name || t('import.clipboard.name')}</strong>
          <span>{`${size.width} × ${size.height} px`}</span>
          <span data-testid="import-kind">{kind === 'colour' ? null : say(t, readFrom!)}</span>
        </div>
      </div>
      {kind === 'colour' && (
        <p className="import-warning" role="status" data-testid="import-warning">
          <TriangleAlert aria-hidden />
          <span>{say(t, readFrom!)}</span>
        </p>
      )}
      {notes.map((note) => (
        <p key={note.key} className="import-note">
          {say(t, note)}
        </p>
      ))}
    </>
  );
}
