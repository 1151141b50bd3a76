import { z } from 'zod';
import type { ImageUsage, TokenDetails } from '../contract.ts';

/** Compatible services send all sorts of things under these names. */
const details = z
  .object({
    text_tokens: z.number().optional().catch(undefined),
    image_tokens: z.number().optional().catch(undefined),
  })
  .optional()
  .catch(undefined);
const usage = z.object({
  input_tokens: z.number().catch(0),
  output_tokens: z.number().catch(0),
  total_tokens: z.number(),
  input_tokens_details: details,
  output_tokens_details: details,
});

/** What a service says that a request used; null: nothing that can be understood. */
export function readUsage(value: unknown): ImageUsage | null {
  const parsed = usage.safeParse(value);
  if (!parsed.success) return null;
  const { input_tokens, output_tokens, total_tokens } = parsed.data;
  const input = told(parsed.data.input_tokens_details);
  const output = told(parsed.data.output_tokens_details);
  return {
    input_tokens,
    output_tokens,
    total_tokens,
    ...(input ? { input_tokens_details: input } : {}),
    ...(output ? { output_tokens_details: output } : {}),
  };
}

function told({ text_tokens: text, image_tokens: image }: z.infer<typeof details> = {}): TokenDetails | null {
  if (text === undefined && image === undefined) return null;
  return {
    ...(text === undefined ? {} : { text_tokens: text }),
    ...(image === undefined ? {} : { image_tokens: image }),
  };
}
