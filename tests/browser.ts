import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Browser, LaunchOptions } from 'playwright';
import { chromium } from 'playwright';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const isRoot = process.getuid?.() === 0;

/** Path of a Chromium: the one LACUNA_CHROMIUM names, Playwright's own download, or the system's. */
function findBrowser(): string | null {
  const named = process.env['LACUNA_CHROMIUM'];
  if (named) {
    if (!existsSync(named)) throw new Error(`LACUNA_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  return [chromium.executablePath(), ...systemBrowsers].find((path) => path && existsSync(path)) ?? null;
}

function apt(...args: string[]) {
  const result = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) throw new Error(`apt-get ${args.join(' ')} ended with ${result.status}.`);
}

/** Path of a Chromium, installed from Debian's packages when there is none and we may. */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      'No Chromium found. Install one (npx playwright install chromium, or your system’s package) ' +
        'or let LACUNA_CHROMIUM name its executable.',
    );
  }
  process.stdout.write('Installing Chromium (apt-get) …\n');
  apt('update', '-qq');
  // The fonts draw the Korean interface.
  apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  const installed = findBrowser();
  if (!installed)
    throw new Error('Debian’s package chromium is installed, but its executable was not found.');
  return installed;
}

/** Starts a headless Chromium that draws in software and talks to nobody but the page's own server. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const { args = [], ...rest } = options;
  return chromium.launch({
    executablePath: ensureBrowser(),
    args: [
      // Chromium's sandbox refuses to start as root.
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      ...args,
    ],
    ...rest,
  });
}
