import type { Redis } from '../redis.ts';
import type { Ledger, Places } from './ledger.ts';
import { within } from './within.ts';

const PREFIX = 'lacuna:limits:';
/** A Redis that hangs must not hang requests. */
const PATIENCE_MS = 2000;
/** So long after its process died is a place free again. */
const LEASE_MS = 15_000;

/** The clock of Redis decides: those of several machines differ. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** KEYS: places, then counts. ARGV: how many places, id, lease; `most` of each place; `by`, `most`, `ttl` of each count. */
const TAKE = `${NOW}
local places, id, lease = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local at = function(i) return 4 + places + 3 * (i - places - 1) end
for i = 1, #KEYS do
  if i <= places then
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[3 + i]) then return i - 1 end
  else
    local have = tonumber(redis.call('GET', KEYS[i]) or '0')
    if have + tonumber(ARGV[at(i)]) > tonumber(ARGV[at(i) + 1]) then return i - 1 end
  end
end
for i = 1, #KEYS do
  if i <= places then
    redis.call('ZADD', KEYS[i], now + lease, id)
    redis.call('PEXPIRE', KEYS[i], lease)
  else
    redis.call('INCRBY', KEYS[i], ARGV[at(i)])
    if redis.call('PTTL', KEYS[i]) < 0 then redis.call('PEXPIRE', KEYS[i], ARGV[at(i) + 2]) end
  end
end
return -1`;

/** KEYS: places, then counts. ARGV: how many places, id; `by` of each count. A count that is gone stays gone. */
const GIVE = `
local places = tonumber(ARGV[1])
for i = 1, #KEYS do
  if i <= places then redis.call('ZREM', KEYS[i], ARGV[2])
  elseif redis.call('EXISTS', KEYS[i]) == 1 then redis.call('INCRBY', KEYS[i], ARGV[2 + i - places]) end
end`;

/** KEYS: places. ARGV: lease; the id in each place. */
const RENEW = `${NOW}
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], now + ARGV[1], ARGV[1 + i])
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
end`;

/**
 * Shared by all servers of one Redis. Places are leases that this process renews while it lives. A connection that
 * breaks at a bad moment can leave a count too high until its time is over, never too low.
 */
export function createRedisLedger(redis: Redis, leaseMs = LEASE_MS): Ledger {
  const held = new Map<string, readonly Pick<Places, 'key'>[]>();
  let renewing: NodeJS.Timeout | null = null;

  async function run(script: string, keys: readonly { key: string }[], args: readonly (string | number)[]) {
    // The client would keep the command until it is connected again.
    if (!redis.isReady) throw new Error('not connected');
    return redis.eval(script, { keys: keys.map(({ key }) => PREFIX + key), arguments: args.map(String) });
  }

  function hold(id: string, places: readonly Pick<Places, 'key'>[]): void {
    held.set(id, places);
    renewing ??= setInterval(renew, leaseMs / 3).unref();
  }

  function letGo(id: string): void {
    held.delete(id);
    if (held.size > 0 || renewing === null) return;
    clearInterval(renewing);
    renewing = null;
  }

  function renew(): void {
    const leases = [...held].flatMap(([id, places]) => places.map(({ key }) => ({ key, id })));
    if (leases.length === 0) return;
    // The next one is soon enough.
    run(RENEW, leases, [leaseMs, ...leases.map(({ id }) => id)]).catch(() => {});
  }

  async function give(...[id, places, counts]: Parameters<Ledger['give']>): Promise<void> {
    letGo(id);
    if (places.length + counts.length === 0) return;
    const args = [places.length, id, ...counts.map(({ by }) => by)];
    await within(PATIENCE_MS, run(GIVE, [...places, ...counts], args));
  }

  return {
    async take(id, places, counts) {
      if (places.length + counts.length === 0) return null;
      const args = [
        places.length,
        id,
        leaseMs,
        ...places.map(({ most }) => most),
        ...counts.flatMap(({ by, most, ttlMs }) => [by, most, ttlMs]),
      ];
      const answer = run(TAKE, [...places, ...counts], args).then(Number);
      try {
        const full = await within(PATIENCE_MS, answer);
        if (full >= 0) return full;
      } catch (error) {
        // Nobody waits for a late yes.
        const back = counts.map(({ key, by }) => ({ key, by: -by }));
        answer.then((full) => (full < 0 ? give(id, places, back) : undefined)).catch(() => {});
        throw error;
      }
      hold(id, places);
      return null;
    },
    give,
  };
}
