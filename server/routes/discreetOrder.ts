import { ApiError } from '../errors.ts';
import type { Order } from './order.ts';

/** Shorter words may stand in a message by themselves. */
const LEAST_CHARS = 5;

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
        const message = forms.reduce((text, form) => text.replaceAll(form, '[prompt]'), error.message);
        throw message === error.message
          ? error
          : new ApiError(error.status, error.code, message, error.options);
      }),
  };
}
