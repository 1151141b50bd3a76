import { Blend, Check, Columns2, SquareStack, Trash2, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import type { Result } from '../../jobs/job.ts';
import { findSelected, waitingGroups } from '../../jobs/staging.ts';
import { toggleBlend } from '../actions/blend.ts';
import { placePicture } from '../actions/placing.ts';
import { accept, discard, sameSelection, selectionsOf, stepResult } from '../actions/results.ts';
import { useApp, useEditor, useJobs, useTranslate, useUi } from '../app.ts';
import { isReframed } from '../blend/fitSummary.ts';
import { Button } from '../controls/Button.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { OriginalThumbnail } from './OriginalThumbnail.tsx';
import { PixelLock } from './PixelLock.tsx';
import { Thumbnail } from './Thumbnail.tsx';
import './tray.css';

function CompareButton() {
  const { ui } = useApp();
  const t = useTranslate();
  const comparing = useUi((state) => state.comparing);
  const nothing = useJobs((state) => state.selected === null);
  const hold = (held: boolean) => () => ui.setComparing(held);
  return (
    <Button
      icon={Columns2}
      label={t('results.compare')}
      keys="\"
      aria-pressed={comparing}
      disabled={nothing}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        ui.setComparing(true);
      }}
      onPointerUp={hold(false)}
      onPointerCancel={hold(false)}
      onKeyDown={(event) => {
        if (event.code === 'Space' || event.code === 'Enter') ui.setComparing(true);
      }}
      onKeyUp={hold(false)}
      onBlur={hold(false)}
      onContextMenu={(event) => event.preventDefault()}
    />
  );
}

/** Opens what is made of the selected result: sliders for an edit, a layer of a picture of its own. */
function MoreOfResult({ result }: { readonly result: Result }) {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const open = useUi(({ panel }) => panel?.kind === 'blend' && panel.layerId === null);
  if (result.picture) {
    return (
      <Button
        icon={SquareStack}
        look="outline"
        label={t('place')}
        hint={t('place.hint')}
        data-testid="place"
        onClick={() => void placePicture(app)}
      />
    );
  }
  return (
    <Button
      icon={Blend}
      look={narrow ? 'icon' : 'plain'}
      label={t('blend')}
      hint={t('blend.hint')}
      aria-expanded={open}
      data-testid="blend"
      onClick={() => toggleBlend(app)}
    />
  );
}

/** Which words of the prompt became part of a picture that is no AI's. */
function Words({ used, ignored }: { readonly used: readonly string[]; readonly ignored: readonly string[] }) {
  const t = useTranslate();
  const lines = [
    ...(used.length > 0 ? [t('words.used', { words: used.join(', ') })] : []),
    ...(ignored.length > 0 ? [t('words.ignored', { words: ignored.join(', ') })] : []),
  ];
  return (
    <p className="tray-words">
      {lines.map((line) => (
        <span key={line} title={line}>
          {line}
        </span>
      ))}
    </p>
  );
}

/** Results that wait for a decision; the selected one is previewed in place. */
export function ResultsTray() {
  const app = useApp();
  const t = useTranslate();
  const all = useRef<HTMLDivElement>(null);
  const document = useEditor((state) => state.document);
  const every = useJobs((state) => state.groups);
  const selected = useJobs((state) => state.selected);
  const groups = waitingGroups(every, document);
  const places = selectionsOf(groups);
  if (places.length === 0) return <PixelLock alone />;
  const results = groups.flatMap((group) => group.results);
  const found = findSelected(groups, selected);
  const reframed = found?.result.layers.some(isReframed);
  const words = groups.find(({ id }) => id === selected?.groupId)?.words;

  function step(by: -1 | 1) {
    const index = stepResult(app, by);
    all.current?.querySelectorAll<HTMLElement>('.thumbnail')[index + 1]?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    const onThumbnail = event.target instanceof HTMLElement && event.target.matches('.thumbnail');
    if (event.code === 'ArrowLeft') step(-1);
    else if (event.code === 'ArrowRight') step(1);
    else if (event.code === 'Enter' && onThumbnail && selected) accept(app);
    else if (event.code === 'Delete' || event.code === 'Backspace') discard(app);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <section className="tray panel" aria-label={t('results')} onKeyDown={onKeyDown}>
      <div className="tray-pictures" ref={all}>
        {document && <OriginalThumbnail document={document} />}
        <ul data-testid="results" aria-label={t('results')}>
          {results.map((result, k) => (
            <li key={result.id} data-testid={`result-${k}`}>
              <Thumbnail
                picture={result.thumbnail}
                label={t('results.item', { k: k + 1, n: results.length })}
                selected={sameSelection(places[k] ?? null, selected)}
                onSelect={() => app.jobs.select(places[k] ?? null)}
              />
            </li>
          ))}
        </ul>
      </div>
      <div className="tray-row">
        <div className="tray-facts">
          <PixelLock />
          {reframed && (
            <p className="tray-warning">
              <TriangleAlert aria-hidden />
              {t('blend.reframed')}
            </p>
          )}
          {words && <Words {...words} />}
        </div>
        {document && <CompareButton />}
        {document && found && <MoreOfResult result={found.result} />}
        <Button
          icon={Trash2}
          look="plain"
          label={t('discard')}
          data-testid="discard"
          onClick={() => discard(app)}
        />
        <Button
          icon={Check}
          look="primary"
          label={t('accept')}
          {...(document && found?.result.picture ? { hint: t('accept.asNew') } : {})}
          disabled={selected === null}
          data-testid="accept"
          onClick={() => accept(app)}
        />
      </div>
    </section>
  );
}
