import type { ModelCapabilities, ServiceCapabilities } from '../../../server/contract.ts';
import type { Document } from '../../editor/document.ts';
import type { Ask } from '../../editor/session.ts';
import { uncoveredOf } from '../../jobs/editPlan.ts';
import { endpointOf } from '../../jobs/traits.ts';
import type { App } from '../app.ts';
import type { MessageKey } from '../messages/en.ts';
import type { Service } from '../state/ui.ts';
import { focusPrompt, focusStageUnlessWriting } from './focus.ts';
import { findService } from './service.ts';

/** The model that an ask goes to; null while no engine answers or when the model is gone. */
export function modelOf(service: Service, ask: Ask): ModelCapabilities | null {
  if (service.state !== 'ready') return null;
  const { models, defaultModel } = service.capabilities;
  return models.find(({ id }) => id === (ask.model ?? defaultModel)) ?? null;
}

/** The service that an ask goes to; null while none answers. */
export function serviceOf(service: Service, ask: Ask): ServiceCapabilities | null {
  const model = modelOf(service, ask);
  if (service.state !== 'ready' || !model) return null;
  return service.capabilities.services.find(({ id }) => id === model.service) ?? null;
}

/** Why the ask can't be sent now; null when it can. */
export function runBlocker(service: Service, ask: Ask, document: Document | null): MessageKey | null {
  if (ask.mode !== 'generate' && !document) return 'run.needsPicture';
  const model = modelOf(service, ask);
  if (model && !model.endpoints.includes(endpointOf[ask.mode])) return 'run.unsupported';
  const wordless = ask.mode === 'variations' || (ask.mode === 'edit' && model?.promptedEdits === false);
  // A server that was lost may be back: trying is the way to find out, and which words it wants.
  const lost = service.state === 'unreachable';
  if (!wordless && !lost && ask.prompt.trim() === '') return 'run.needsPrompt';
  return null;
}

/** Nothing is erased and nothing is empty. */
const isWhole = (document: Document) =>
  document.mask.tiles.size === 0 && uncoveredOf(document).tiles.size === 0;

/** Sends the ask. An edit without a mask may change every pixel, so it is asked about first. */
export function run(app: App): void {
  // What is only previewed is not sent, and must not look as if it were.
  app.modifying.drop();
  const { ask } = app.session.store.getState();
  const document = app.editor.document();
  if (runBlocker(app.ui.store.getState().service, ask, document)) return;
  if (ask.mode === 'edit' && document && isWhole(document)) app.ui.setDialog({ kind: 'whole-picture' });
  else send(app);
}

export function send(app: App): void {
  const { jobs, session, ui } = app;
  ui.dismissError();
  // What is sent is seen: while a layer is erased the mask is not.
  session.setLayer(null);
  ui.announce('job.started');
  void jobs.run();
  if (ui.store.getState().service.state === 'unreachable')
    void findService(app, new AbortController().signal);
  focusStageUnlessWriting();
}

/** Sends again what failed, because the user says so. */
export function retry({ jobs, ui }: App): void {
  ui.announce('job.started');
  jobs.retry();
  // The button goes with the error.
  focusStageUnlessWriting();
}

export function cancelJobs({ jobs, ui }: App): void {
  // The button goes with the job.
  focusPrompt();
  for (const job of jobs.store.getState().running) jobs.cancel(job.id);
  ui.announce('error.cancelled');
}
