import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const unit = ['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts', 'tests/*.test.ts', 'tests/bench/**/*.test.ts'];

export default defineConfig({
  // .env belongs to the server: nothing of it may reach the bundle.
  envDir: false,
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2024',
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What the page begins with stays together: cut up by what panels share with it, it compresses worse.
          groups: [{ name: 'page', tags: ['$initial'], test: /^(?!.*(main\.tsx|index\.html)).*$/ }],
        },
      },
    },
  },
  test: {
    environment: 'node',
    projects: [
      // Property tests over pictures take seconds where the machine is busy.
      { extends: true, test: { name: 'unit', include: unit, testTimeout: 60_000 } },
      { extends: true, test: { name: 'server', include: ['tests/server/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/{codec,persistence,browser}/**/*.test.ts'],
          // Each file drives a Chromium of its own; side by side they would starve each other on two cores.
          fileParallelism: false,
          // The machine may be too busy for a page to answer in time; run.ts names what needed it.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
