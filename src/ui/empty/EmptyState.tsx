import { FolderOpen, Type } from 'lucide-react';
import { flushSync } from 'react-dom';
import { chooseFile } from '../actions/openFiles.ts';
import { openSample } from '../actions/openSample.ts';
import { openRecent } from '../actions/recent.ts';
import { useApp, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { keyText } from '../controls/keys.ts';
import { promptId } from '../dock/promptId.ts';
import { useRecent } from '../topbar/useRecent.ts';
import { samples, sampleTilePath } from './samples.ts';
import './empty.css';

const MOST_RECENT = 3;

/** Nothing is dropped with a finger, and there is no Ctrl. */
const touch = window.matchMedia('(pointer: coarse)').matches;

/** What is seen before a picture is: four ways to begin. */
export function EmptyState() {
  const app = useApp();
  const t = useTranslate();
  const recent = useRecent().slice(0, MOST_RECENT);

  function startFromText() {
    // In a low window the prompt unfolds for it.
    flushSync(() => app.session.setAsk({ mode: 'generate' }));
    document.getElementById(promptId)?.focus();
  }

  return (
    <div className="empty">
      <section className="drop-zone">
        <h1>{t('empty.title')}</h1>
        <p>{touch ? t('empty.text.touch') : t('empty.text', { keys: keyText('Mod+V') })}</p>
        <div className="empty-buttons">
          <Button look="primary" icon={FolderOpen} label={t('open')} onClick={chooseFile} />
          <Button look="outline" icon={Type} label={t('empty.fromText')} onClick={startFromText} />
        </div>
        <p className="empty-formats">{t('empty.formats')}</p>
      </section>
      {recent.length > 0 && (
        <section>
          <h2>{t('empty.recent')}</h2>
          <ul className="tiles">
            {recent.map(({ id, name, thumbnailUrl }) => (
              <li key={id}>
                <button type="button" className="tile" onClick={() => void openRecent(app, id, name)}>
                  <img src={thumbnailUrl} alt="" />
                  <span>{name || t('app.untitled')}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t('empty.samples')}</h2>
        <ul className="tiles">
          {samples.map((sample) => (
            <li key={sample}>
              <button type="button" className="tile" onClick={() => void openSample(app, sample)}>
                <img src={sampleTilePath(sample)} alt="" width={360} height={240} />
                <span>{t(`sample.${sample}`)}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
