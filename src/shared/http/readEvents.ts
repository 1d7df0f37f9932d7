/** One server-sent event as it was received. `data` is the raw text. */
export type ReceivedEvent = { readonly event: string; readonly data: string }

/** Reads server-sent events out of a body until it ends. Comments and ids are passed over. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parseBlock(block)
      if (event) yield event
    }
  }
}

function parseBlock(block: string): ReceivedEvent | undefined {
  const fields = (name: string) =>
    block.split('\n').flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []))
  const data = fields('data')
  return data.length === 0 ? undefined : { event: fields('event')[0] ?? 'message', data: data.join('\n') }
}
