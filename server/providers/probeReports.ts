import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ProbeReport } from '../contract.ts';

const report = z.object({
  at: z.iso.datetime(),
  model: z.string(),
  mask: z.enum(['honoured', 'guidance', 'inverted', 'ignored', 'unknown']),
  sizes: z.array(z.string()),
  streaming: z.boolean(),
  variations: z.boolean(),
});
/** By service, the latest of each model, the latest of all last. */
const schema = z.record(z.string(), z.array(report));

/** What probes of running services taught, kept over restarts. */
export interface ProbeReports {
  of(service: string, model: string): ProbeReport | null;
  /** The latest of a service, whatever its model. */
  last(service: string): ProbeReport | null;
  /** Takes the place of what was known of the same model. */
  keep(service: string, report: ProbeReport): void;
}

/**
 * `file`: where they are kept, as JSON; null: in memory. A file that cannot be read is as none: what it said can be
 * asked for again. Throws when it cannot be written.
 */
export function createProbeReports(file: string | null): ProbeReports {
  const known = new Map(file === null ? [] : Object.entries(read(file)));
  const ofService = (service: string) => known.get(service) ?? [];
  return {
    of: (service, model) => ofService(service).find((one) => one.model === model) ?? null,
    last: (service) => ofService(service).at(-1) ?? null,
    keep(service, latest) {
      known.set(service, [...ofService(service).filter(({ model }) => model !== latest.model), latest]);
      if (file !== null) write(file, Object.fromEntries(known));
    },
  };
}

function read(file: string): Record<string, readonly ProbeReport[]> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Whole or not at all: a process that ends in between leaves the old file. */
function write(file: string, reports: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(reports, null, 2));
  renameSync(beside, file);
}
