// `npm run bench:server -- [--quick] [--rounds 1]`: what the server costs, beside a bare forwarder and the service asked directly.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { dualMask, noisePngOf } from './server/picture.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, rounds: { type: 'string' } },
});
const MB = 1e6;
const bodies = options.quick ? [0.1, 4] : [0.1, 4, 20];
const connections = options.quick ? [1, 32] : [1, 32, 256];
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 3));

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-bench-server-'));
const children: ChildProcess[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);

interface Running {
  readonly url: string;
  readonly pid: number;
}

/** Starts a module that prints its port, in a process of its own. */
async function start(module: string, env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, [here(module)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text;
    const port = /(?:port |127\.0\.0\.1:)(\d+)/.exec(printed)?.[1];
    if (port) {
      child.stdout.resume();
      return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
    }
  }
  throw new Error(`${module} did not start:\n${printed}`);
}

const startLacuna = (upstream: Running) =>
  start('../../server/main.ts', {
    HOST: '127.0.0.1',
    PORT: '0',
    OPENAI_API_KEY: 'sk-bench-0123456789',
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    IMAGE_MODEL: 'gpt-image-2',
    LOG_LEVEL: 'error',
    DATA_DIR: mkdtempSync(join(temporary, 'data-')),
    // What is measured is the work, not the refusals.
    IMAGES_PER_MINUTE: '0',
    REQUESTS_PER_MINUTE: '0',
    MAX_JOBS: '100000',
    MAX_JOBS_PER_CLIENT: '100000',
    MAX_UPLOADS_MB: '100000',
  });

interface Form {
  readonly body: Buffer;
  readonly type: string;
}

/** An edit with a mask of about so many megabytes. The picture keeps to a size that the model takes. */
async function editForm(megabytes: number): Promise<Form> {
  // Wider than high, in steps of 16 px, of 3 bytes a pixel.
  const edge = Math.max(16, Math.round(Math.sqrt((megabytes * MB) / 3) / 16) * 16);
  const form = new FormData();
  form.append('model', 'gpt-image-2');
  form.append('prompt', 'a lake with a red boat');
  form.append('size', '1024x1024');
  form.append('quality', 'low');
  const part = (data: Buffer) => new Blob([data as Uint8Array<ArrayBuffer>], { type: 'image/png' });
  form.append('image', part(await noisePngOf(edge, edge)), 'image.png');
  form.append('mask', part(await dualMask(edge, edge)), 'mask.png');
  const encoded = new Response(form);
  return { body: Buffer.from(await encoded.arrayBuffer()), type: encoded.headers.get('content-type') ?? '' };
}

interface Load {
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

async function load(
  { url }: Running,
  form: Form,
  clients: number,
  amount: number,
  keyed = false,
): Promise<Load> {
  const request = {
    method: 'POST',
    path: '/v1/images/edits',
    headers: { 'content-type': form.type },
    body: form.body,
  } as const;
  // Its own histogram counts in whole milliseconds.
  const times: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections: clients,
        amount,
        timeout: 600,
        requests: [
          keyed
            ? {
                ...request,
                setupRequest: (one) => ({
                  ...one,
                  headers: { ...one.headers, 'idempotency-key': randomUUID() },
                }),
              }
            : request,
        ],
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    );
    run.on('response', (_client, _status, _bytes, time) => times.push(time));
  });
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), errors: result.errors + result.non2xx };
}

const amountFor = (megabytes: number, clients: number) =>
  Math.max(clients * 2, Math.round((options.quick ? 60 : 300) / Math.max(1, megabytes / 2)));

const residentMb = (pid: number) => {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1000;
};

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);

async function overhead(): Promise<string[]> {
  const upstream = await start('server/upstream.ts', {});
  const forwarder = await start('server/forwarder.ts', { UPSTREAM: upstream.url });
  const lacuna = await startLacuna(upstream);
  const subjects = { direct: upstream, forwarder, Lacuna: lacuna, 'Lacuna, with a key': lacuna };
  type Name = keyof typeof subjects;
  const names = Object.keys(subjects) as Name[];
  const lines = [
    row(
      'body',
      'connections',
      ...names.flatMap((name) => [`${name} p50`, 'p99']),
      'Lacuna : forwarder p50',
      'p99',
      'errors',
    ),
    row(...Array.from({ length: 2 + names.length * 2 + 3 }, () => '---')),
  ];
  for (const megabytes of bodies) {
    const form = await editForm(megabytes);
    for (const name of names) await load(subjects[name], form, 4, 20, name.endsWith('key'));
    for (const clients of connections) {
      const rounds: Record<Name, Load>[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const one: Partial<Record<Name, Load>> = {};
        for (const name of names)
          one[name] = await load(
            subjects[name],
            form,
            clients,
            amountFor(megabytes, clients),
            name.endsWith('key'),
          );
        rounds.push(one as Record<Name, Load>);
      }
      const of = (name: Name, key: keyof Load) => median(rounds.map((one) => one[name][key]));
      const errors = rounds.reduce(
        (sum, one) => sum + one.Lacuna.errors + one['Lacuna, with a key'].errors,
        0,
      );
      lines.push(
        row(
          `${megabytes} MB`,
          clients,
          ...names.flatMap((name) => [ms(of(name, 'p50')), ms(of(name, 'p99'))]),
          `${(of('Lacuna', 'p50') / of('forwarder', 'p50')).toFixed(2)} ×`,
          `${(of('Lacuna', 'p99') / of('forwarder', 'p99')).toFixed(2)} ×`,
          errors,
        ),
      );
      say(lines.at(-1) ?? '');
    }
  }
  return lines;
}

/** Peak memory above the idle server, over the bytes of all requests that are held at once. */
async function memory(): Promise<string[]> {
  const upstream = await start('server/upstream.ts', { DELAY_MS: '1500' });
  const forwarder = await start('server/forwarder.ts', { UPSTREAM: upstream.url });
  const lacuna = await startLacuna(upstream);
  const lines = [row('', 'in flight MB', 'peak above idle MB', 'ratio'), row('---', '---', '---', '---')];
  for (const [name, server] of Object.entries({ forwarder, Lacuna: lacuna })) {
    for (const [megabytes, clients] of options.quick
      ? ([[4, 32]] as const)
      : ([
          [4, 64],
          [20, 32],
        ] as const)) {
      const form = await editForm(megabytes);
      await load(server, form, 2, 4);
      await delay(2000);
      const idle = residentMb(server.pid);
      let peak = idle;
      const watch = setInterval(() => {
        peak = Math.max(peak, residentMb(server.pid));
      }, 20);
      await load(server, form, clients, clients);
      clearInterval(watch);
      const flight = (form.body.length * clients) / MB;
      lines.push(
        row(
          `${name}, ${clients} × ${megabytes} MB`,
          flight.toFixed(0),
          (peak - idle).toFixed(0),
          `${((peak - idle) / flight).toFixed(2)} ×`,
        ),
      );
    }
  }
  return lines;
}

/** Milliseconds from sending a small edit to the first bytes of a partial picture, and to its end. */
async function timeToFirstPartial(url: string): Promise<number> {
  const { body, type } = await editForm(0.1);
  const form = (await new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': type },
  }).formData()) as FormData;
  form.append('stream', 'true');
  form.append('partial_images', '1');
  const since = performance.now();
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body: form });
  let first: number | null = null;
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (first === null && text.includes('partial_image\n')) first = performance.now() - since;
  }
  if (first === null || !text.includes('.completed'))
    throw new Error(`no whole stream came: ${text.slice(0, 300)}`);
  return first;
}

async function streaming(): Promise<string[]> {
  const upstream = await start('server/upstream.ts', { STREAM: '1', DELAY_MS: '200' });
  const lacuna = await startLacuna(upstream);
  const times = { direct: [] as number[], Lacuna: [] as number[] };
  for (let i = 0; i < 22; i++) {
    const [direct, own] = [await timeToFirstPartial(upstream.url), await timeToFirstPartial(lacuna.url)];
    if (i < 2) continue;
    times.direct.push(direct);
    times.Lacuna.push(own);
  }
  return [
    row('time to first partial', 'ms'),
    row('---', '---'),
    ...Object.entries(times).map(([name, values]) => row(name, ms(median(values)))),
  ];
}

try {
  const before = loadavg()[0]?.toFixed(2);
  const tables = [await overhead(), await memory(), await streaming()];
  const facts = `${new Date().toISOString()}; ${cpus().length} cores, ${cpus()[0]?.model}; load before ${before}, after ${loadavg()[0]?.toFixed(2)}; all on loopback, ms, medians of ${ROUNDS} rounds in turns`;
  const text = [facts, ...tables.map((lines) => lines.join('\n'))].join('\n\n');
  const output = here('../output');
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'benchServer.md'), `${text}\n`);
  say(`\n${text}\n\nAlso in tests/output/benchServer.md.`);
} finally {
  for (const child of children) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(temporary, { recursive: true, force: true });
}
