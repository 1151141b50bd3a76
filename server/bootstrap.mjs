// First step of every npm script. Plain JavaScript for Node 20: it installs what package-lock.json names and then
// runs the script's TypeScript under the Node 24 that npm brought (the `node` devDependency).
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

/** Per npm script: the modules to run, one after the other. */
const scripts = {
  start: [['server/build.ts'], ['server/main.ts']],
  build: [['server/build.ts']],
  dev: [['server/dev.ts']],
  check: [['tests/run.ts', '--fast']],
  test: [['tests/run.ts']],
  bench: [['server/build.ts'], ['tests/bench/run.ts'], ['tests/bench/blend.ts']],
  'bench:server': [['tests/bench/server.ts']],
  'bench:fill': [['tests/bench/fill.ts']],
};

const lockedPackages = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;

/** npm notes in a hidden lockfile what it installed; optional packages may be for other platforms. */
function installed() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return false;
  const present = lockedPackages(join('node_modules', '.package-lock.json'));
  return Object.entries(lockedPackages('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

/** The running child; signals go to it, and its end decides ours. */
let child;
let interrupted = false;
function pass(signal) {
  interrupted = true;
  // Ctrl-C reaches the child from the terminal; a second SIGINT would tell it not to finish its requests.
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child?.kill(signal);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);

// A signal to npm ends npm and its shell but never gets here: that our parent has gone is all there is to see.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    pass('SIGTERM');
  }, 500);
  watch.unref();
}

/** Resolves with the exit code; 128 + n when signal n ended it, as shells have it. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** npm's own PATH begins with node_modules/.bin, whose node is removed and replaced while npm installs. */
const withoutBinaries = (path = '') =>
  path
    .split(delimiter)
    .filter((folder) => folder !== binaries)
    .join(delimiter);

/**
 * Installs the locked versions and leaves the lockfile as it is. Not `npm ci`: that refuses a lockfile without the
 * binaries (optional packages, pinned by their parents) of platforms whose packages its author's registry lacked.
 */
async function install() {
  process.stdout.write('Installing packages (npm install) …\n');
  const env = { ...process.env, PATH: withoutBinaries(process.env.PATH) };
  const code = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    env,
    shell: windows,
  });
  if (code !== 0) throw new Error(`npm install ended with code ${code}: see its output above.`);
}

/** The Node that runs TypeScript without a flag: the installed one, else this one when it can. */
function typescriptNode() {
  const own = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major >= 24 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} cannot run this, and the package "node" could not bring Node 24 because its ` +
      'install script did not run. Allow install scripts (npm config delete ignore-scripts), remove node_modules ' +
      'and try again, or use Node 22.18 or later.',
  );
}

async function main([name, ...args]) {
  const modules = scripts[name];
  if (!modules) throw new Error(`Unknown script "${name}"; known: ${Object.keys(scripts).join(', ')}.`);
  if (!installed()) await install();
  const node = typescriptNode();
  const env = { ...process.env, PATH: [binaries, withoutBinaries(process.env.PATH)].join(delimiter) };
  for (const [index, module] of modules.entries()) {
    const last = index === modules.length - 1;
    const code = await run(node, last ? [...module, ...args] : module, { env });
    if (code !== 0 || interrupted) return code;
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
