import { createClient } from 'redis';

/** A connection to the Redis that any number of servers share. Rejects when it is not there at the start. */
export async function connectRedis(url: string, onError: (error: Error) => void) {
  const client = createClient({ url });
  client.on('error', onError);
  await client.connect();
  return client;
}

export type Redis = Awaited<ReturnType<typeof connectRedis>>;
