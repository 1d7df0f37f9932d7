/** The keyboard of a conversation: whole lines at the prompt, single keys while the agent works. */
import { emitKeypressEvents } from 'node:readline'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { CliInput } from '../context.ts'

/** A key as readline names it. */
export type Key = {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
  readonly sequence?: string | undefined
}

export type Keyboard = {
  /** The next line; undefined at the end of the input or after Ctrl-C. */
  readonly line: (prompt: string) => Promise<string | undefined>
  /** Hands over single keys, and shows none of them, until the returned function is called. */
  readonly keys: (listener: (key: Key) => void) => () => void
  readonly close: () => void
}

/** Takes the keyboard. Give it back with `close`. */
export function openKeyboard(input: CliInput, output: NodeJS.WritableStream): Keyboard {
  let isSilent = false
  // readline echoes what is typed; while the agent writes, that would stand in the middle of its words.
  const echo = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isSilent) output.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input, output: echo, terminal: true, historySize: 200 })
  emitKeypressEvents(input)
  return {
    line: async (prompt) => {
      const controller = new AbortController()
      const stop = () => controller.abort()
      terminal.once('SIGINT', stop).once('close', stop)
      try {
        return await terminal.question(prompt, { signal: controller.signal })
      } catch {
        return undefined
      } finally {
        terminal.off('SIGINT', stop).off('close', stop)
      }
    },
    keys: (listener) => {
      isSilent = true
      const onKey = (_text: unknown, key: Key | undefined) => listener(key ?? {})
      // readline makes Ctrl-C a signal of its own.
      const onInterrupt = () => listener({ name: 'c', ctrl: true })
      input.on('keypress', onKey)
      terminal.on('SIGINT', onInterrupt)
      return () => {
        input.off('keypress', onKey)
        terminal.off('SIGINT', onInterrupt)
        // What was typed meanwhile is no beginning of the next line.
        terminal.write(null, { ctrl: true, name: 'u' })
        isSilent = false
      }
    },
    close: () => terminal.close(),
  }
}
