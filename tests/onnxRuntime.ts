import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version that models are tested with. */
const WANTED = 'onnxruntime-web@1.30.0';
const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether models in ONNX files can run here. */
export const hasOnnxRuntime = (): boolean => existsSync(`${root}node_modules/onnxruntime-web/package.json`);

/** Installs it for the tests alone: an ordinary install goes without its 140 MB. Throws when npm cannot. */
export function ensureOnnxRuntime(): void {
  if (hasOnnxRuntime()) return;
  process.stdout.write(`Installing ${WANTED} for its tests (npm) …\n`);
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...quiet, WANTED], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0 || !hasOnnxRuntime())
    throw new Error(`npm install ${WANTED} did not bring it (${status}).`);
}
