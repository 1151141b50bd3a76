import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig, SETTINGS } from '../../server/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = read('Dockerfile');
const compose = read('compose.yaml');
/** What it is without any setting where others reach it. */
const config = readConfig({ HOST: '0.0.0.0', OPENAI_API_KEY: 'sk-x', ACCESS_TOKEN: 'sixteen-letters!' });

/** Sources of the COPY lines that take from the checkout, by stage. */
function copied(stage: string): string[] {
  return [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
}
const stages = dockerfile.split(/^FROM /m).slice(1);
const last = stages.at(-1)!;

test('everything that goes into the image exists and is let through, and the secrets of a checkout are not', () => {
  const rules = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(rules[0]).toBe('*');
  const allowed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const isLetThrough = (path: string) =>
    allowed.some((rule) => new RegExp(`^${rule.replaceAll('.', '\\.').replace('*', '.*')}(/|$)`).test(path));
  const sources = stages.flatMap(copied);
  expect(sources.length).toBeGreaterThan(10);
  for (const source of sources)
    expect([source, existsSync(join(root, source)), isLetThrough(source)]).toEqual([source, true, true]);
  for (const secret of ['.env', '.git', 'node_modules', 'tests']) expect(isLetThrough(secret)).toBe(false);
});

/** Every module that the server may load, from its entry, and the packages that they name. */
function reachable(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set([entry]);
  const packages = new Set<string>();
  // A Set iterates over what is added meanwhile.
  for (const file of files) {
    const text = read(file).replace(/^import type .*?;$/gms, '');
    const names = text.matchAll(/(?:from|import|import\(|new URL\()\s*'([^']+)'/g);
    for (const [, name = ''] of names) {
      if (/^\.\.?\/.*\.ts$/.test(name)) files.add(relative(root, join(root, dirname(file), name)));
      else if (!name.startsWith('.') && !name.startsWith('node:'))
        packages.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return { files, packages };
}

test('the image has every module and package that the server loads', () => {
  const { files, packages } = reachable('server/main.ts');
  expect([...files]).toEqual(expect.arrayContaining(['server/app.ts', 'server/offline/worker.ts']));
  expect([...files].some((file) => file.startsWith('src/fill/'))).toBe(true);
  const sources = copied(last);
  const missing = [...files].filter(
    (file) => !sources.some((source) => file === source || file.startsWith(`${source}/`)),
  );
  expect(missing).toEqual([]);
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  expect([...packages]).toContain('fastify');
  expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
});

test('image and compose file set what the server reads, and speak of one port', () => {
  const env = [...last.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((pair) => pair.split('=')[0]!),
  );
  const composed = [...compose.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name!);
  expect(composed).toContain('REDIS_URL');
  for (const name of [...env, ...composed].filter((name) => name !== 'NODE_ENV'))
    expect(SETTINGS).toContain(name);
  const ports = [
    /PORT=(\d+)/.exec(last)?.[1],
    /EXPOSE (\d+)/.exec(last)?.[1],
    /^ {6}PORT: (\d+)/m.exec(compose)?.[1],
    /127\.0\.0\.1:\d+:(\d+)/.exec(compose)?.[1],
  ];
  expect(new Set(ports)).toEqual(new Set([String(config.port)]));
  expect(last).toMatch(/^HEALTHCHECK .*\/readyz/m);
  expect(last.indexOf('USER node')).toBeGreaterThan(0);
});

test('nothing outside ends the server before it has ended by itself', () => {
  const seconds = Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1]);
  expect(seconds * 1000).toBeGreaterThan(config.drainMs + config.graceMs);
});

test.each([
  ['server/deploy/nginx.conf', /proxy_read_timeout (\d+)s;/, /client_max_body_size (\d+)m;/],
  ['server/deploy/Caddyfile', /response_header_timeout (\d+)s/, /max_size (\d+)MiB/],
])('%s waits longer than the server and takes as much', (path, timeout, size) => {
  const text = read(path);
  expect(Number(timeout.exec(text)?.[1]) * 1000).toBeGreaterThan(config.services[0]!.timeoutMs);
  // In JSON a picture is base64.
  const base64 = (config.limits.maxUploadBytes * 4) / 3;
  expect(Number(size.exec(text)?.[1]) * 1024 * 1024).toBeGreaterThan(base64);
});

test('nginx passes bodies and pictures on as they come', () => {
  const text = read('server/deploy/nginx.conf');
  for (const line of [
    'proxy_buffering off;',
    'proxy_request_buffering off;',
    'proxy_set_header Host $http_host;',
  ])
    expect(text).toContain(line);
});
