import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch } from 'undici';

export interface Address {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (hostname: string) => Promise<readonly Address[]>;

const resolveByDns: Resolve = (hostname) => lookup(hostname, { all: true });

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * GET of an address that somebody else named. Only https, only to public addresses, and the connection goes to the
 * very address that was checked, whatever the name resolves to a moment later. Redirects are left to the caller.
 * Rejects with an Error that says what is wrong with it. `close` ends the connection.
 */
export async function fetchGuarded(
  url: URL,
  signal: AbortSignal,
  resolve: Resolve = resolveByDns,
): Promise<{ readonly response: Response; close(): Promise<void> }> {
  if (url.protocol !== 'https:') throw new Error('only https is fetched from elsewhere');
  const addresses = await untilAborted(signal, publicAddresses(url.hostname, resolve));
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: pinned(addresses) },
  });
  const close = () => dispatcher.destroy();
  try {
    const response = await fetch(url, { signal, redirect: 'manual', credentials: 'omit', dispatcher });
    return { response: response as unknown as Response, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A resolver hears no signal. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** All addresses of a host, of which not one may lie inside anybody's network: a name can mix them. */
export async function publicAddresses(
  hostname: string,
  resolve: Resolve,
): Promise<readonly [Address, ...Address[]]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const [first, ...others] = family > 0 ? [{ address: host, family }] : await resolve(host);
  if (!first) throw new Error('its host has no address');
  for (const { address } of [first, ...others])
    if (!isPublic(address)) throw new Error('its host is inside a network that is not public');
  return [first, ...others];
}

/** Everything else is private, loopback, link-local, shared, multicast, reserved, or carries an IPv4 address inside. */
function isPublic(address: string): boolean {
  // A zone ("fe80::1%eth0") only ever belongs to this machine's links.
  return ipaddr.isValid(address) && !address.includes('%') && ipaddr.parse(address).range() === 'unicast';
}

/** A lookup that knows these addresses alone. */
export function pinned(addresses: readonly [Address, ...Address[]]): LookupFunction {
  const [first] = addresses;
  return (_hostname, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
