import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { redact } from './errors.ts';

/** pino's settings: no headers, no bodies, no prompts, and nothing that looks like a key in an error's text. */
export function loggerOptions(level: string) {
  return {
    level,
    redact: ['*.authorization', '*.cookie', '*.apiKey', '*.headers', '*.prompt'],
    serializers: { err: describeError },
  };
}

/** A proxy in front may have named the request already; what is no plain name is not taken into logs and headers. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}

/**
 * Causes are left out: a foreign error may carry the request that it failed on. So is what an error quotes: a parser
 * shows the text that it could not read.
 */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const message = error.message.replace(/(["'`]).*\1/gs, '$1…$1');
  return { type: error.name, message: redact(message), stack: redact(frames.join('\n')) };
}
