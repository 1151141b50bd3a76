import type { KeyboardEvent } from 'react';
import { focusStage } from '../actions/focus.ts';
import { modelOf, run } from '../actions/run.ts';
import { useApp, useJobs, useSession, useTranslate, useUi } from '../app.ts';
import { promptId } from './promptId.ts';

export function PromptField() {
  const app = useApp();
  const t = useTranslate();
  const { mode, prompt } = useSession((state) => state.ask);
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  const running = useJobs((state) => state.running.length > 0);
  const unused = mode === 'variations';
  const text = unused ? '' : prompt;
  const placeholder = t(`prompt.${mode}`);

  function onKeyDown(event: KeyboardEvent) {
    // The Enter that ends a syllable of Hangul reports key code 229 in some browsers.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.code === 'Escape') return focusStage();
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!running) run(app);
  }

  return (
    // The hidden copy of the text gives the field its height, so it grows with what is written.
    <div className="prompt" data-copy={`${text || placeholder} `}>
      <textarea
        id={promptId}
        data-testid="prompt"
        rows={1}
        aria-label={t('prompt.label')}
        placeholder={placeholder}
        value={text}
        disabled={unused}
        maxLength={modelOf(service, ask)?.promptMaxChars}
        onChange={(event) => app.session.setAsk({ prompt: event.target.value })}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
