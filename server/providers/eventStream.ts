/** One message of a `text/event-stream`. */
export interface ServerEvent {
  /** null: the message has no `event:` line. */
  readonly event: string | null;
  readonly data: string;
}

export interface EventParser {
  /** The messages that this piece completes. Throws FrameTooLarge. */
  push(chunk: Uint8Array): ServerEvent[];
  /** At the end of the stream: a last message without the empty line after it. */
  end(): ServerEvent[];
}

export class FrameTooLarge extends Error {}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BOM = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Parses an event stream as the HTML standard has it, from pieces cut anywhere. Pictures make lines of many
 * megabytes, so a line may have any length; a whole message may not have more than `maxFrame` bytes. Works on bytes:
 * no byte of a longer UTF-8 character looks like the end of a line.
 */
export function createEventParser(maxFrame: number): EventParser {
  /** Of the unfinished line. */
  let pieces: Buffer[] = [];
  let lineBytes = 0;
  /** Of the unfinished message. */
  let event: string | null = null;
  let data: Buffer[] = [];
  let dataBytes = 0;
  /** The last byte was a CR: an LF right after it belongs to the same end of line. */
  let afterCr = false;
  let isFirstLine = true;

  function keep(piece: Buffer): void {
    lineBytes += piece.length;
    if (lineBytes + dataBytes > maxFrame) throw new FrameTooLarge('A message of the stream is too large.');
    if (piece.length > 0) pieces.push(piece);
  }

  function endMessage(): ServerEvent[] {
    const messages = data.length > 0 ? [{ event, data: join(data) }] : [];
    event = null;
    data = [];
    dataBytes = 0;
    return messages;
  }

  function endLine(): ServerEvent[] {
    let line = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
    pieces = [];
    lineBytes = 0;
    if (isFirstLine && line.subarray(0, BOM.length).equals(BOM)) line = line.subarray(BOM.length);
    isFirstLine = false;
    if (line.length === 0) return endMessage();
    // A comment.
    if (line[0] === COLON) return [];
    const colon = line.indexOf(COLON);
    const name = line.toString('utf8', 0, colon < 0 ? line.length : colon);
    const value = colon < 0 ? Buffer.of() : line.subarray(colon + (line[colon + 1] === SPACE ? 2 : 1));
    if (name === 'data') {
      data.push(value);
      dataBytes += value.length;
    }
    if (name === 'event') event = value.toString();
    return [];
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const messages: ServerEvent[] = [];
      let start = 0;
      if (bytes.length > 0) {
        if (afterCr && bytes[0] === LF) start = 1;
        afterCr = bytes.at(-1) === CR;
      }
      let lf = bytes.indexOf(LF, start);
      let cr = bytes.indexOf(CR, start);
      while (lf >= 0 || cr >= 0) {
        const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
        keep(bytes.subarray(start, end));
        messages.push(...endLine());
        start = end === cr && lf === cr + 1 ? end + 2 : end + 1;
        if (lf >= 0 && lf < start) lf = bytes.indexOf(LF, start);
        if (cr >= 0 && cr < start) cr = bytes.indexOf(CR, start);
      }
      keep(bytes.subarray(start));
      return messages;
    },
    end: () => [...(lineBytes > 0 ? endLine() : []), ...endMessage()],
  };
}

function join(lines: readonly Buffer[]): string {
  return lines.map((line) => line.toString()).join('\n');
}
