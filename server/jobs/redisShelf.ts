import { RESP_TYPES } from 'redis';
import { within } from '../limits/within.ts';
import type { Redis } from '../redis.ts';
import { type Shelf, ShelfError } from './shelf.ts';

/** Sets KEYS[1] to ARGV[2] for ARGV[3] ms only where it is ARGV[1]. */
const SWAP = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0`;

/** Removes KEYS[1] only where it is ARGV[1]. */
const REMOVE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;

/** Longest wait for an answer: a connection that hangs looks like one that stands. Large results take a while. */
const PATIENCE_MS = 5000;

/** A shelf that any number of servers share. It lasts as long as the Redis itself keeps what it is given. */
export function createRedisShelf(redis: Redis): Shelf {
  const binary = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const keyOf = (name: string) => `lacuna:${name}`;
  const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  /** A client that waits for its Redis to come back would let requests hang. */
  async function ask<T>(command: () => Promise<T>): Promise<T> {
    if (!redis.isReady) throw new ShelfError();
    const answer = command();
    answer.catch(() => {});
    try {
      return await within(PATIENCE_MS, answer);
    } catch (error) {
      throw new ShelfError(error);
    }
  }

  const get = (name: string) => ask(() => binary.get(keyOf(name)));
  return {
    exclusive: false,
    get,
    put: (name, bytes, lifetimeMs) =>
      ask(async () => {
        await binary.set(keyOf(name), asBuffer(bytes), { expiration: { type: 'PX', value: lifetimeMs } });
      }),
    async claim(name, bytes, lifetimeMs) {
      for (;;) {
        const expiration = { type: 'PX', value: lifetimeMs } as const;
        const set = await ask(() =>
          binary.set(keyOf(name), asBuffer(bytes), { condition: 'NX', expiration }),
        );
        if (set !== null) return null;
        const there = await get(name);
        if (there) return there;
      }
    },
    swap: (name, from, bytes, lifetimeMs) =>
      ask(async () => {
        const options = {
          keys: [keyOf(name)],
          arguments: [asBuffer(from), asBuffer(bytes), String(Math.ceil(lifetimeMs))],
        };
        return (await binary.eval(SWAP, options)) === 1;
      }),
    remove: (name, from) =>
      ask(async () => {
        await binary.eval(REMOVE, { keys: [keyOf(name)], arguments: [asBuffer(from)] });
      }),
    // The connection belongs to whoever made it.
    close: async () => {},
  };
}
