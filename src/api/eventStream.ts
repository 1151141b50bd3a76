/** Characters of one stream: four pictures of the largest size in base64, and room for the rest. */
const MAX_CHARACTERS = 512 * 1024 * 1024;

/**
 * The `data` of each event of an event stream (WHATWG HTML, 9.2), in the order of their arrival; comments and other
 * fields are passed over, and so is an event that the end cuts off. Throws a RangeError when the stream is too long.
 */
export async function* eventData(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  /** A line that holds a picture comes in many pieces; joining them at its end is linear. */
  let line: string[] = [];
  let data: string[] = [];
  let characters = 0;
  /** The last piece ended with a CR: an LF that follows belongs to it. */
  let afterReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      characters += value.length;
      if (characters > MAX_CHARACTERS) throw new RangeError('The event stream is too long.');
      const text = afterReturn && value.startsWith('\n') ? value.slice(1) : value;
      if (value !== '') afterReturn = value.endsWith('\r');
      const pieces = text.split(/\r\n|\r|\n/);
      for (const [k, piece] of pieces.entries()) {
        line.push(piece);
        if (k === pieces.length - 1) break;
        const whole = line.join('');
        line = [];
        if (whole === '') {
          if (data.length > 0) yield data.join('\n');
          data = [];
        } else if (whole.startsWith('data:')) data.push(whole.slice(whole.startsWith('data: ') ? 6 : 5));
      }
    }
  } finally {
    // Also when nobody wants more: the connection is given back.
    await reader.cancel().catch(() => undefined);
  }
}
