import type { ServerEvent } from './eventStream.ts';
import { parseJson } from './upstreamBody.ts';

/** What a message of an image stream says. Members are as the service wrote them, unchecked. */
export type ImageEvent =
  | { readonly kind: 'partial'; readonly index: unknown; readonly item: Members }
  | { readonly kind: 'completed'; readonly reply: Members }
  | { readonly kind: 'error'; readonly body: unknown };

export type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a message by the `type` in its data, which some gateways leave as the only name there is, else by its
 * `event:` line. null: nothing that counts here, like `[DONE]`, pings and what is not JSON.
 */
export function readImageEvent({ event, data }: ServerEvent): ImageEvent | null {
  const members = asMembers(parseJson(data));
  if (members === null) return event === 'error' ? { kind: 'error', body: data } : null;
  const { type: told, ...rest } = members;
  const type = typeof told === 'string' ? told : (event ?? '');
  if (members['error']) return { kind: 'error', body: members };
  if (type === 'error' || event === 'error') return { kind: 'error', body: rest };
  if (type.endsWith('.partial_image'))
    return { kind: 'partial', index: members['partial_image_index'], item: members };
  // A gateway that was asked for a stream may wrap the whole of a plain answer in one message.
  if (type.endsWith('.completed') || (type === '' && Array.isArray(members['data'])))
    return { kind: 'completed', reply: members };
  return null;
}

export function asMembers(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}
