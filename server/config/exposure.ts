import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ConfigError, listOf, secret, setting } from './settings.ts';

/** Who reaches the server, and what they must know. */
export interface Exposure {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** Addresses and networks (CIDR, or a name of `NETWORKS`) whose X-Forwarded headers are believed. */
  readonly trustProxy: readonly string[];
  readonly httpsOnly: boolean;
  readonly accessToken: string | null;
  readonly metricsToken: string | null;
}

/** Shorter ones are guessed, from many addresses at once, whatever is counted. */
const LEAST_TOKEN = 16;
const token = () => secret().min(LEAST_TOKEN, `needs at least ${LEAST_TOKEN} characters`).optional();

/** Fastify's names for networks: this machine, its own link, private ones. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];
const isNetwork = (text: string) => NETWORKS.includes(text) || ipaddr.isValidCIDR(text) || isIP(text) !== 0;

export const exposureSettings = {
  HOST: setting(z.string().trim().default('127.0.0.1')),
  ALLOWED_HOSTS: setting(z.string().default('')),
  ALLOW_PUBLIC: setting(z.stringbool().default(false)),
  ACCESS_TOKEN: setting(token()),
  METRICS_TOKEN: setting(token()),
  TRUST_PROXY: setting(
    z
      .string()
      .default('')
      .transform(listOf)
      .refine(
        (list) => list.every(isNetwork),
        `takes IP addresses, networks like 10.0.0.0/8, ${NETWORKS.join(', ')}`,
      ),
  ),
  HTTPS_ONLY: setting(z.stringbool().default(false)),
};

type Values = z.output<z.ZodObject<typeof exposureSettings>>;

/** `paid`: an image service is configured. Throws ConfigError when everybody could use it. */
export function readExposure(value: Values, paid: boolean): Exposure {
  const accessToken = value.ACCESS_TOKEN ?? null;
  if (paid && accessToken === null && !isLoopback(value.HOST) && !value.ALLOW_PUBLIC)
    throw new ConfigError(
      `HOST=${value.HOST} would let everyone who reaches this machine use your image service at your cost. ` +
        `Set ACCESS_TOKEN (at least ${LEAST_TOKEN} characters) to ask for it, keep HOST=127.0.0.1, ` +
        'or set ALLOW_PUBLIC=1 if something in front of the server checks who comes.',
    );
  return {
    host: value.HOST,
    allowedHosts: [...listOf(value.ALLOWED_HOSTS), value.HOST],
    trustProxy: value.TRUST_PROXY,
    httpsOnly: value.HTTPS_ONLY,
    accessToken,
    metricsToken: value.METRICS_TOKEN ?? null,
  };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
