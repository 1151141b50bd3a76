import { z } from 'zod';
import type { Quotas } from '../limits/quotas.ts';
import { ConfigError, setting, whole } from './settings.ts';

const MB = 1024 * 1024;
/** Four of the longest at the same time. */
const DEFAULT_UPLOADS_MB = 512;

/** 0 of these: no limit. */
const atMost = (fallback: number) =>
  setting(whole(0, 1_000_000).default(fallback)).transform((value) => value || null);
const usd = (least: number) =>
  setting(z.coerce.number().min(least).max(1_000_000).optional()).transform((value) => value ?? null);

export const quotaSettings = {
  MAX_UPLOADS_MB: setting(whole(1, 1_000_000).optional()),
  REQUESTS_PER_MINUTE: atMost(600),
  IMAGES_PER_MINUTE: atMost(50),
  MAX_JOBS_PER_CLIENT: atMost(4),
  MAX_JOBS: atMost(16),
  // A budget of 0 would be read as none by some and as a lock by others.
  BUDGET_PER_CLIENT_USD: usd(0.000_001),
  BUDGET_USD: usd(0.000_001),
  UNKNOWN_PRICE_USD: usd(0),
};

const shape = z.object(quotaSettings);

/** `one`: the largest request in MB. Throws ConfigError where all together have no room for it. */
export function readQuotas(value: z.output<typeof shape>, one: number): Quotas {
  const { MAX_UPLOADS_MB: all = Math.max(DEFAULT_UPLOADS_MB, 2 * one) } = value;
  // Base64 makes the largest request a third longer.
  if (all < 2 * one)
    throw new ConfigError(`MAX_UPLOADS_MB: must be at least twice MAX_UPLOAD_MB, ${2 * one}`);
  return {
    requestsPerMinute: value.REQUESTS_PER_MINUTE,
    imagesPerMinute: value.IMAGES_PER_MINUTE,
    jobsPerClient: value.MAX_JOBS_PER_CLIENT,
    jobs: value.MAX_JOBS,
    budgetPerClientUsd: value.BUDGET_PER_CLIENT_USD,
    budgetUsd: value.BUDGET_USD,
    unknownPriceUsd: value.UNKNOWN_PRICE_USD,
    uploadBytes: all * MB,
  };
}
