import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** What a run of Vitest came to, as `tests/run.ts` reads it. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Tests that passed only when they were tried again: name, and why they failed before. */
  readonly secondTries: readonly string[];
}

/** Writes `Counts` as JSON into the file that COUNTS_FILE names. */
export default class CountingReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #secondTries: string[] = [];

  onTestCaseResult(test: TestCase) {
    const { state, errors } = test.result();
    if (state === 'failed') this.#failed++;
    if (state !== 'passed') return;
    this.#passed++;
    if (test.diagnostic()?.flaky)
      this.#secondTries.push(
        `${test.module.relativeModuleId} > ${test.fullName}: ${errors?.[0]?.message ?? ''}`,
      );
  }

  onTestRunEnd() {
    const counts: Counts = { passed: this.#passed, failed: this.#failed, secondTries: this.#secondTries };
    writeFileSync(process.env['COUNTS_FILE']!, JSON.stringify(counts));
  }
}
