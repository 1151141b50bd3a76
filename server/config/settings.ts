import { z } from 'zod';

/** A setting that cannot be used; its message is for the person who set it. */
export class ConfigError extends Error {}

const blankIsAbsent = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

/** A variable that may be left empty, which is as if it were not there. */
export const setting = <T extends z.ZodType>(type: T) => z.preprocess(blankIsAbsent, type);
export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Text that is sent in a header, such as a key. */
export const secret = () =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'has characters that no key has');

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
