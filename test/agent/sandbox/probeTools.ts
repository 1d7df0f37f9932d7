/** Tools for the tests of the sandbox: JavaScript and programs of the test's choice. They stand for the worst that a tool can be talked into. */
import { spawn } from 'node:child_process'
import * as z from 'zod'
import type { Tool, ToolOutcome } from '../../../src/agent/tools/tool.ts'

const DEADLINE_MS = 20_000
const facts = {
  description: 'x'.repeat(150),
  safety: 'unsafe',
  risk: 2,
  deadlineMs: DEADLINE_MS,
  maxOutput: 2_000,
  place: 'sandbox',
} as const

type Script = { readonly code: string; readonly arg?: unknown }
const script = z.object({ code: z.string(), arg: z.unknown() }) as unknown as z.ZodType<unknown>

/** Runs JavaScript in the child itself; what it returns is the text. `context`, `arg`, `fs` and `state` (kept for the life of the child) are at hand. */
async function evaluate(input: unknown, context: unknown): Promise<ToolOutcome> {
  const { code, arg } = input as Script
  const modules = {
    fs: await import('node:fs'),
    net: await import('node:net'),
    childProcess: await import('node:child_process'),
  }
  const names = [...Object.keys(modules), 'context', 'arg', 'state']
  const body = new (Object.getPrototypeOf(async () => {}).constructor)(...names, code)
  const value: unknown = await body(...Object.values(modules), context, arg, globalThis)
  return { ok: true, text: typeof value === 'string' ? value : JSON.stringify(value ?? null) }
}

/** Runs a program with arguments and returns what it wrote. */
function execute(input: unknown): Promise<ToolOutcome> {
  const { command } = input as { readonly command: readonly string[] }
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const add = (chunk: Buffer) => {
      text += chunk.toString('utf8')
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', ({ message }) => resolve({ ok: false, reason: message }))
    // `exit`, not `close`: what it left behind may hold its output open.
    child.on('exit', (code, signal) => setImmediate(() => resolve({ ok: true, text: `${text}[${signal ?? code}]` })))
  })
}

const js: Tool = { ...facts, name: 'js', schema: script, run: evaluate }
const jsProgram: Tool = { ...js, name: 'js_program', runsPrograms: true }
const program: Tool = { ...facts, name: 'program', schema: script, runsPrograms: true, run: execute }
const shortLived: Tool = { ...program, name: 'short_program', deadlineMs: 1_500 }
const inAgent: Tool = { ...js, name: 'in_agent', place: 'agent', deadlineMs: 300 }

export const TOOLS: readonly Tool[] = [js, jsProgram, program, shortLived, inAgent]
