/** The keyboard of a conversation: whole messages at the prompt, single keys while the agent works. */
import { createInterface, emitKeypressEvents } from 'node:readline'
import { Writable } from 'node:stream'
import type { CliInput } from '../context.ts'

/** A key as readline names it. */
export type Key = {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
  readonly sequence?: string | undefined
}

export type Keyboard = {
  /** The next message; a paste of many lines is one. Undefined at the end of the input, or after Ctrl-C on an empty line. */
  readonly line: (prompt: string) => Promise<string | undefined>
  /** Hands over single keys, and shows none of them, until the returned function is called. What is pasted meanwhile is no key. */
  readonly keys: (listener: (key: Key) => void) => () => void
  readonly close: () => void
}

/** The screen that is written to. */
export type ChatOutput = NodeJS.WritableStream & { readonly columns?: number }

/** Has the terminal put marks around what is pasted. */
const MARK_PASTES = '\u001b[?2004h'
const MARK_NO_PASTES = '\u001b[?2004l'
const NEXT_LINE = '· '
const INTERRUPT: Key = { name: 'c', ctrl: true }

function isInterrupt(key: Key | undefined): boolean {
  return key?.ctrl === true && key.name === 'c'
}

/** Takes the keyboard. Give it back with `close`. */
export function openKeyboard(input: CliInput, output: ChatOutput): Keyboard {
  const { echo, silence, end: endEcho } = createEcho(output)
  const terminal = createInterface({ input, output: echo, terminal: true, historySize: 200 })
  emitKeypressEvents(input)
  const pastes = followPastes(input)
  output.write(MARK_PASTES)
  let isClosed = false
  terminal.once('close', () => {
    isClosed = true
  })
  return {
    line: (prompt) => (isClosed ? Promise.resolve(undefined) : readMessage(terminal, prompt, pastes)),
    keys: (listener) => {
      silence(true)
      const onKey = (_text: unknown, key: Key | undefined) => {
        if (!pastes.isPasting() && !isInterrupt(key)) listener(key ?? {})
      }
      // readline makes Ctrl-C a signal of its own, beside the key, and Ctrl-D the end.
      const onInterrupt = () => listener(INTERRUPT)
      input.on('keypress', onKey)
      terminal.on('SIGINT', onInterrupt).on('close', onInterrupt)
      return () => {
        input.off('keypress', onKey)
        terminal.off('SIGINT', onInterrupt).off('close', onInterrupt)
        forgetLine(terminal)
        silence(false)
      }
    },
    close: () => {
      terminal.close()
      pastes.end()
      endEcho()
      output.write(MARK_NO_PASTES)
    },
  }
}

type Terminal = ReturnType<typeof createInterface>
type Pastes = ReturnType<typeof followPastes>

/** readline echoes what is typed; while the agent writes, that would stand in the middle of its words. It must know how wide the screen is. */
function createEcho(output: ChatOutput) {
  let isSilent = false
  const echo = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isSilent) output.write(chunk)
      done()
    },
  })
  Object.defineProperty(echo, 'columns', { get: () => output.columns })
  const onResize = () => void echo.emit('resize')
  output.on('resize', onResize)
  return {
    echo,
    silence: (silent: boolean) => {
      isSilent = silent
    },
    end: () => void output.off('resize', onResize),
  }
}

function followPastes(input: CliInput) {
  let isPasting = false
  const onKey = (_text: unknown, key: Key | undefined) => {
    if (key?.name === 'paste-start') isPasting = true
    if (key?.name === 'paste-end') isPasting = false
  }
  input.on('keypress', onKey)
  return { isPasting: () => isPasting, end: () => void input.off('keypress', onKey) }
}

/** Lines that come in one paste, or in one piece from a terminal that marks none, are one message. */
function readMessage(terminal: Terminal, prompt: string, pastes: Pastes): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let lines: string[] = []
  const show = (words: string) => {
    terminal.setPrompt(words)
    terminal.prompt()
  }
  const submit = () => {
    if (lines.length > 0) resolve(lines.join('\n'))
  }
  const onLine = (line: string) => {
    lines.push(line)
    if (pastes.isPasting()) show(NEXT_LINE)
    else queueMicrotask(submit)
  }
  const onInterrupt = () => {
    if (terminal.line === '' && lines.length === 0) return resolve(undefined)
    lines = []
    forgetLine(terminal)
    show(prompt)
  }
  const onClose = () => resolve(lines.length > 0 ? lines.join('\n') : undefined)
  terminal.on('line', onLine).on('SIGINT', onInterrupt).on('close', onClose)
  show(prompt)
  return promise.finally(() => {
    terminal.off('line', onLine).off('SIGINT', onInterrupt).off('close', onClose)
  })
}

/** What was typed is no beginning of the next line. */
function forgetLine(terminal: Terminal): void {
  terminal.write(null, { ctrl: true, name: 'e' })
  terminal.write(null, { ctrl: true, name: 'u' })
}
