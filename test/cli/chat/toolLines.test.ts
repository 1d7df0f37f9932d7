/** What a person sees of the tools while a run goes on. */
import { describe, expect, it } from 'vitest'
import { toolLine } from '../../../src/cli/chat/toolLines.ts'

const line = (type: string, data: Record<string, unknown>) => toolLine({ seq: 1, type, data }, 'en')

describe('the lines of a run', () => {
  it('name each call with its arguments, one argument without its name', () => {
    const calls = [
      { id: 'a', name: 'shell', input: { command: 'npm\n  test' } },
      { id: 'b', name: 'grep', input: { pattern: 'x', path: 'src' } },
    ]
    expect(line('model_answered', { calls })).toBe('→ shell npm test\n→ grep {"pattern":"x","path":"src"}')
    expect(line('model_answered', { text: 'hello' })).toBe(undefined)
  })

  it('say how a call ended, how long it took, and its first words', () => {
    expect(line('tool_ended', { tool: 'shell', ok: true, text: '\n\nall good\nmore', tookMs: 1_200 })).toBe(
      '✓ shell (1.2 s) all good',
    )
    expect(line('tool_ended', { tool: 'shell', ok: false, text: '', tookMs: 0 })).toBe('✗ shell (0.0 s) ')
  })

  it('say what the agent was told by us, and nothing of what concerns nobody', () => {
    expect(line('hinted', { kind: 'nudge', text: 'Go on.' })).toBe('· the agent was told: Go on.')
    expect(line('steered', { text: 'x' })).toBe('· your words were added')
    expect(line('tool_started', { tool: 'shell' })).toBe(undefined)
  })

  it('are short, and nothing in them moves the cursor', () => {
    const ended = line('tool_ended', { tool: 'a\u001b[2J', ok: true, text: `\u0007${'x'.repeat(500)}`, tookMs: 0 })
    expect(ended).toBe(`✓ a\\u001b[2J (0.0 s) \\u0007${'x'.repeat(94)}…`)
  })
})
