import cookies from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { ApiError } from '../errors.ts';
import { clientOf } from '../limits/client.ts';
import { bearerOf } from './bearer.ts';
import { createGate } from './gate.ts';
import { type LoginState, loginPage } from './loginPage.ts';
import { createSessions, SESSION_SECONDS } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: the route is answered without the access token. */
    open?: true;
  }
}

export interface Locks {
  /** What SDKs send as their key and people type as the passcode; null: everything is open. */
  readonly accessToken: string | null;
  /** For `/metrics` beside the access token. */
  readonly metricsToken: string | null;
  /** Counts wrong tokens. */
  readonly attempts: RateLimiterAbstract;
  /** Nobody gets here but by https, whatever a request looks like. */
  readonly httpsOnly: boolean;
}

/**
 * Locks every route that is not `open`: SDKs and curl send the token as a bearer, browsers get a session after the
 * passcode page. That other pages cannot use a browser's session is the work of `guardOrigin`, which comes first.
 */
export async function guardAccess(
  app: FastifyInstance,
  token: string,
  { attempts, httpsOnly }: Locks,
): Promise<void> {
  const gate = createGate([token], attempts);
  const sessions = createSessions(token);
  await app.register(cookies);

  const isSecure = (request: FastifyRequest) => httpsOnly || request.protocol === 'https';
  /** Browsers let no other host and no plain http set a cookie with this prefix. */
  const cookieName = (request: FastifyRequest) => (isSecure(request) ? '__Host-lacuna' : 'lacuna');
  const cookieOptions = (request: FastifyRequest) =>
    ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) }) as const;
  const isSignedIn = (request: FastifyRequest) => sessions.holds(request.cookies[cookieName(request)]);

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open || isAsset(request)) return;
    const given = bearerOf(request);
    if (given === null ? isSignedIn(request) : await gate.opens(clientOf(request), given)) return;
    reply.header('cache-control', 'no-store');
    if (given === null && isNavigation(request)) return reply.redirect('/login', 303);
    reply.header('www-authenticate', 'Bearer');
    throw new ApiError(
      401,
      'access_required',
      given === null
        ? 'This server wants its access token, as a bearer token (the API key of an SDK) or by the page /login.'
        : 'This access token is not right.',
    );
  });

  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4096 },
      async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
    );
    const show = (request: FastifyRequest, reply: FastifyReply, state: LoginState) =>
      reply.headers(loginPage.headers).send(loginPage.render(state, request.headers['accept-language']));

    scope.get('/login', { config: { open: true } }, (request, reply) =>
      show(request, reply, { kind: isSignedIn(request) ? 'signedIn' : 'asked' }),
    );

    scope.post('/login', { config: { open: true } }, async (request, reply) => {
      const given =
        request.body instanceof URLSearchParams ? (request.body.get('passcode') ?? '').trim() : '';
      try {
        if (given === '' || !(await gate.opens(clientOf(request), given)))
          return show(request, reply.code(401), { kind: 'wrong' });
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'too_many_attempts') throw error;
        const seconds = Math.ceil((error.options.retryAfterMs ?? 0) / 1000);
        reply.code(429).header('retry-after', seconds);
        return show(request, reply, { kind: 'tooMany', minutes: Math.ceil(seconds / 60) });
      }
      const maxAge = SESSION_SECONDS;
      reply.setCookie(cookieName(request), sessions.start(), { ...cookieOptions(request), maxAge });
      return reply.header('cache-control', 'no-store').redirect('/', 303);
    });

    scope.post('/logout', { config: { open: true } }, (request, reply) =>
      reply.clearCookie(cookieName(request), cookieOptions(request)).redirect('/login', 303),
    );
  });
}

/** A page that is opened, and not something that a page or a program asks for. */
const isNavigation = ({ method, headers }: FastifyRequest) =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');

/**
 * The app's own code, which holds no secrets: a page whose session has ended still fetches parts of itself, and has to
 * be able to say so.
 */
const isAsset = ({ method, url }: FastifyRequest) =>
  (method === 'GET' || method === 'HEAD') && /^\/assets\/[\w-]+(\.[\w-]+)+$/.test(url);
