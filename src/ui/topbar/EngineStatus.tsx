import { modelOf, serviceOf } from '../actions/run.ts';
import { findService } from '../actions/service.ts';
import { useApp, useSession, useTranslate, useUi } from '../app.ts';
import { releaseFocus, WithTooltip } from '../controls/Button.tsx';

/** Which engine answers, said plainly: the embedded one is no AI, unless the operator gave it a model. */
export function EngineStatus() {
  const app = useApp();
  const t = useTranslate();
  const service = useUi((state) => state.service);
  const ask = useSession((state) => state.ask);
  if (service.state === 'unreachable') {
    return (
      <WithTooltip text={t('engine.unreachable.hint')}>
        <button
          type="button"
          className="engine"
          data-testid="status-engine"
          data-state="unreachable"
          onClick={(event) => {
            releaseFocus(event);
            void findService(app, new AbortController().signal);
          }}
        >
          <span className="dot" />
          {t('engine.unreachable')}
        </button>
      </WithTooltip>
    );
  }
  const answering = serviceOf(service, ask);
  const embedded = answering?.kind === 'embedded';
  const mask = answering?.mask ?? 'unknown';
  const name = ask.mode === 'edit' ? answering?.editModel : undefined;
  const tail = name !== undefined ? t('engine.embedded.model', { name }) : t('engine.embedded.tail');
  function hintOf() {
    if (embedded) return `${t('engine.embedded')}: ${tail}`;
    return answering ? t(`mask.use.${mask}`) : undefined;
  }
  return (
    <span
      className="engine"
      title={hintOf()}
      data-testid="status-engine"
      data-state={embedded ? 'embedded' : service.state}
    >
      <span className="dot" />
      {service.state === 'loading' && t('engine.loading')}
      {embedded && (
        <span>
          {t('engine.embedded')}
          <span className="engine-tail">
            : <span className="muted">{tail}</span>
          </span>
        </span>
      )}
      {service.state === 'ready' && !embedded && (
        <span>
          {modelOf(service, ask)?.id ?? service.capabilities.defaultModel}
          {answering?.host && <span className="muted"> · {answering.host}</span>}
          {(mask === 'ignored' || mask === 'inverted') && (
            <span className="muted" data-testid="engine-mask">
              {' '}
              · {t(`engine.mask.${mask}`)}
            </span>
          )}
        </span>
      )}
    </span>
  );
}
