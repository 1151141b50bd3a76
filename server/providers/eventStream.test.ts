import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser, FrameTooLarge } from './eventStream.ts';

const parse = (pieces: readonly Uint8Array[], maxFrame = 10_000) => {
  const parser = createEventParser(maxFrame);
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
};
const parseText = (text: string) => parse([Buffer.from(text)]);
const data = (text: string, event: string | null = null) => ({ event, data: text });

test.each([
  ['lines ended by LF', 'event: a\ndata: 1\n\ndata: 2\n\n', [data('1', 'a'), data('2')]],
  ['lines ended by CRLF', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n', [data('1', 'a'), data('2')]],
  ['lines ended by CR', 'event: a\rdata: 1\r\rdata: 2\r\r', [data('1', 'a'), data('2')]],
  ['all of them mixed', 'data: 1\r\ndata: 2\rdata: 3\n\r\ndata: 4\n\r', [data('1\n2\n3'), data('4')]],
  ['several data lines', 'data: a\ndata:\ndata: b\n\n', [data('a\n\nb')]],
  ['comments', ': ping\n\n:\ndata: 1\n: between\n\n', [data('1')]],
  ['one space after the colon, and only one', 'data:1\n\ndata:  2\n\n', [data('1'), data(' 2')]],
  ['colons in a value', 'data: {"a":1}\n\n', [data('{"a":1}')]],
  ['a name without a value', 'data\n\nevent\ndata: 1\n\n', [data(''), data('1', '')]],
  ['unknown names', 'id: 7\nretry: 10\nfoo: bar\ndata: 1\n\n', [data('1')]],
  ['a name that is not carried over', 'event: a\ndata: 1\n\ndata: 2\n\n', [data('1', 'a'), data('2')]],
  ['a name without data', 'event: a\n\ndata: 1\n\n', [data('1')]],
  ['a byte order mark', '\ufeffdata: 1\n\n', [data('1')]],
  ['an end in the middle of a message', 'data: 1\n\ndata: 2', [data('1'), data('2')]],
  ['nothing', '', []],
])('%s are read as the standard has it', (_what, text, messages) => {
  expect(parseText(text)).toEqual(messages);
});

test('wherever the stream is cut, even inside characters and line ends, it says the same', () => {
  const text = fc.string({
    unit: fc.constantFrom('data:', 'event: a', ':', ' ', '\r', '\n', '\r\n', 'ü', '🛶', 'x'),
  });
  const cuts = fc.array(fc.nat(60), { maxLength: 20 });
  fc.assert(
    fc.property(text, cuts, (stream, at) => {
      const bytes = Buffer.from(stream);
      const ends = [...new Set([0, ...at.map((cut) => Math.min(cut, bytes.length)), bytes.length])];
      ends.sort((a, b) => a - b);
      const pieces = ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
      expect(parse(pieces)).toEqual(parse([bytes]));
      expect(parse([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(parse([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('a line may be as long as a message, and a message has a limit, in one line or in many', () => {
  const piece = Buffer.alloc(1000, 'A');
  const message = [Buffer.from('data: '), ...Array.from({ length: 9 }, () => piece), Buffer.from('\n\n')];
  expect(parse(message)[0]?.data).toHaveLength(9000);
  expect(() => parse([...message.slice(0, -1), piece, piece])).toThrow(FrameTooLarge);
  const lines = Array.from({ length: 11 }, () => [Buffer.from('data: '), piece, Buffer.from('\n')]);
  expect(() => parse(lines.flat())).toThrow(FrameTooLarge);
  const comments = Array.from({ length: 30 }, () => [Buffer.from(': '), piece, Buffer.from('\n')]);
  expect(parse(comments.flat())).toEqual([]);
});
