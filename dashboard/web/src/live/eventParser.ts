/** Server-sent events out of a body, whatever the pieces that it comes in. */

/** One event. `id` is null where it had none; `data` is the raw text. */
export type StreamedEvent = { readonly event: string; readonly data: string; readonly id: string | null }

/** Takes text as it comes and gives the events that are whole. */
export type EventParser = (piece: string) => StreamedEvent[]

/** A parser with its own rest. Comments are passed over; lines end with \n, \r\n or \r. */
export function createEventParser(): EventParser {
  let rest = ''
  return (piece) => {
    // A lone \r at the end may be the first half of \r\n.
    const whole = rest + piece
    const held = whole.endsWith('\r') ? '\r' : ''
    const blocks = whole
      .slice(0, whole.length - held.length)
      .replace(/\r\n?/g, '\n')
      .split('\n\n')
    rest = (blocks.pop() ?? '') + held
    return blocks.flatMap((block) => parseBlock(block) ?? [])
  }
}

function parseBlock(block: string): StreamedEvent | null {
  const lines = block.split('\n')
  const fields = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).replace(/^ /, '')] : []))
  const data = fields('data')
  if (data.length === 0) return null
  return { event: fields('event').at(-1) ?? 'message', data: data.join('\n'), id: fields('id').at(-1) ?? null }
}

/** Reads the events of an answer until it ends. Used for the live stream and for the answers of a chat. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const parse = createEventParser()
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* parse(decoder.decode(value, { stream: true }))
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
