import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/**
 * Who asks, for limits: an IPv4 address, or the /64 of an IPv6 address, since one customer of a network has as many
 * addresses within it as they like. It comes from a proxy's headers only where that proxy is trusted; what such a
 * proxy says that is no address counts as one client, as do all of a Unix socket.
 */
export function clientOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
