import { ApiError } from '../errors.ts';
import type { Order } from './order.ts';

/** Shorter words may stand in a message by themselves. */
const LEAST_CHARS = 5;
/** So much of a longer prompt gives it away, too: long texts of services are cut before they get here. */
const TELLING_CHARS = 40;

/** The same order, whose failures do not repeat its prompt: services like to quote what they refuse. */
export function discreetOrder(order: Order): Order {
  const { prompt } = order.fields;
  if (prompt.length < LEAST_CHARS) return order;
  // As it was written, and as it stands within quoted JSON.
  const forms = [prompt, JSON.stringify(prompt).slice(1, -1)];
  return {
    ...order,
    send: (signal, progress) =>
      order.send(signal, progress).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        const message = forms.reduce(withoutPrompt, error.message);
        throw message === error.message
          ? error
          : new ApiError(error.status, error.code, message, error.options);
      }),
  };
}

/** The prompt, and any beginning of it that is cut off by the end of the text. */
function withoutPrompt(text: string, form: string): string {
  const clear = text.replaceAll(form, '[prompt]');
  const at = clear.indexOf(form.slice(0, TELLING_CHARS));
  if (form.length <= TELLING_CHARS || at < 0) return clear;
  let end = at + TELLING_CHARS;
  while (end < clear.length && clear[end] === form[end - at]) end++;
  return `${clear.slice(0, at)}[prompt]${clear.slice(end)}`;
}
