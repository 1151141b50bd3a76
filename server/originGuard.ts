import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';

/**
 * Keeps other web pages away from a server that trusts whoever reaches it.
 * A page whose name was rebound to this address shows in `Host`: only IP addresses (which cannot be rebound), localhost
 * and the allowed names pass. A page that posts here from elsewhere shows in `Sec-Fetch-Site` or `Origin`, which its
 * scripts cannot forge; SDKs and curl send neither.
 */
export function guardOrigin(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  app.addHook('onRequest', async (request) => {
    // A trusted proxy may name another one, which goes into the addresses of results.
    const hosts = [request.headers.host ?? '', request.host];
    if (!hosts.every((host) => isAllowedHost(host, allowed)))
      throw new ApiError(
        403,
        'forbidden_origin',
        'This host name is not served. Add it to ALLOWED_HOSTS if it should be.',
      );
    if (request.method !== 'GET' && request.method !== 'HEAD' && isForeignPage(request))
      throw new ApiError(403, 'forbidden_origin', 'Requests from other web pages are refused.');
  });
}

function isAllowedHost(header: string, allowed: ReadonlySet<string>): boolean {
  if (!URL.canParse(`http://${header}`)) return false;
  const { hostname } = new URL(`http://${header}`);
  const bare = hostname.replace(/^\[|\]$/g, '');
  return (
    isIP(bare) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost') || allowed.has(hostname)
  );
}

function isForeignPage({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
