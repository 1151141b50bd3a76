import { redact } from './errors.ts';

/** pino's settings: no headers, no bodies, no prompts, and nothing that looks like a key in an error's text. */
export function loggerOptions(level: string) {
  return {
    level,
    redact: ['*.authorization', '*.cookie', '*.apiKey', '*.headers', '*.prompt'],
    serializers: { err: describeError },
  };
}

/** Causes are left out: a foreign error may carry the request that it failed on. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  return { type: error.name, message: redact(error.message), stack: redact(error.stack ?? '') };
}
