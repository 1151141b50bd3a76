import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAME = 'onnxruntime-web';
const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether models in ONNX files can run here. */
export const hasOnnxRuntime = (): boolean => existsSync(`${root}node_modules/${NAME}/package.json`);

/**
 * Installs the optional peer dependency for the tests alone: an ordinary install goes without its 140 MB. Throws when
 * npm cannot.
 */
export function ensureOnnxRuntime(): void {
  if (hasOnnxRuntime()) return;
  const { peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const wanted = `${NAME}@${peerDependencies[NAME]}`;
  process.stdout.write(`Installing ${wanted} for its tests (npm) …\n`);
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
    wanted,
  ];
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm install ${wanted} ended with ${status}.`);
}
