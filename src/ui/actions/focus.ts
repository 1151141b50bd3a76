import { promptId } from '../dock/promptId.ts';

const isPrompt = (element: Element | null) => element?.id === promptId;

/** Keys go on working on the picture where what had the focus is about to go. */
export function focusStage(): void {
  document.querySelector<HTMLElement>('[data-testid="stage"]')?.focus({ preventScroll: true });
}

/** As `focusStage`, but never out of the prompt, where somebody may be writing. */
export function focusStageUnlessWriting(): void {
  if (!isPrompt(document.activeElement)) focusStage();
}

/** With a finger the picture gets it: in a field it would bring up the keyboard. */
export function focusPrompt(): void {
  const prompt = document.getElementById(promptId);
  if (prompt && !window.matchMedia('(pointer: coarse)').matches) prompt.focus();
  else focusStage();
}
