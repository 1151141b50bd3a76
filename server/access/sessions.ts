import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a browser stays signed in, in seconds: 30 days. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;

/**
 * Sessions that no server has to remember: the time of their end and a signature. Every process with the same access
 * token knows them, and another token ends them all. Signing out only makes the browser forget.
 */
export interface Sessions {
  /** Value of a new session's cookie. */
  start(): string;
  holds(cookie: string | undefined): boolean;
}

export function createSessions(token: string): Sessions {
  const secret = createHmac('sha256', token).update('lacuna browser session 1').digest();
  const sign = (end: string) => createHmac('sha256', secret).update(end).digest();
  return {
    start() {
      const end = (Date.now() + SESSION_SECONDS * 1000).toString(36);
      return `${end}.${sign(end).toString('base64url')}`;
    },
    holds(cookie = '') {
      const [end = '', signature = ''] = cookie.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(end);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
      return Number.parseInt(end, 36) > Date.now();
    },
  };
}
