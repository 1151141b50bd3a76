import { createClient } from 'redis';

/** Longest pause between two tries to reach a Redis that went away, in ms. */
const LONGEST_PAUSE_MS = 2000;

/**
 * A connection to the Redis that any number of servers share. Rejects when it is not there at the start; later it
 * comes back by itself.
 */
export async function connectRedis(url: string, onError: (error: Error) => void) {
  let joined = false;
  const reconnectStrategy = (tries: number, cause: Error) =>
    joined ? Math.min(50 * 2 ** tries, LONGEST_PAUSE_MS) : cause;
  const client = createClient({ url, socket: { reconnectStrategy } });
  client.on('error', onError);
  await client.connect();
  joined = true;
  return client;
}

export type Redis = Awaited<ReturnType<typeof connectRedis>>;
