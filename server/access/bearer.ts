import type { FastifyRequest } from 'fastify';

/** The token of `Authorization: Bearer …`, as SDKs send their key; null: none came. */
export function bearerOf({ headers }: FastifyRequest): string | null {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
