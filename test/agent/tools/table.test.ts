/** What every tool owes: its description, its limits, and an offer that is small and stays the same. */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { systemText } from '../../../src/agent/context/systemPrompt.ts'
import { offers, TOOLS } from '../../../src/agent/tools/table.ts'
import { toolSettingsOf } from '../../../src/agent/tools/toolSettings.ts'
import { settingsSchema } from '../../../src/shared/config/schema.ts'

/** The base prompt is promised to have at most 2,500 tokens, of about four characters. */
const MAX_BASE_CHARACTERS = 10_000

describe('every tool', () => {
  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s says what it does, returns and refuses',
    (_name, tool) => {
      expect(tool.description.length).toBeGreaterThanOrEqual(150)
      expect(tool.description).toMatch(/Returns? /)
      expect(tool.description).toMatch(/[Rr]efuse|No network|never/)
      const { properties = {} } = z.toJSONSchema(tool.schema, { io: 'input' }) as {
        properties?: Record<string, { description?: string }>
      }
      for (const [field, { description }] of Object.entries(properties))
        expect(`${field}: ${description ?? ''}`).toMatch(/: ./)
      expect(tool.schema.safeParse({ noSuchField: 1 }).success).toBe(false)
    },
  )

  it('has a name of its own, and what runs programs is in the sandbox and never repeated', () => {
    expect(new Set(TOOLS.map(({ name }) => name)).size).toBe(TOOLS.length)
    expect(
      TOOLS.filter(({ runsPrograms }) => runsPrograms).map(({ name, place, safety }) => [name, place, safety]),
    ).toEqual([
      ['shell', 'sandbox', 'unsafe'],
      ['run_python', 'sandbox', 'unsafe'],
      ['run_node', 'sandbox', 'unsafe'],
    ])
  })

  it('that runs with the agent only looks', () => {
    const inAgent = TOOLS.filter(({ place }) => place === 'agent')
    expect(inAgent.map(({ name, safety, risk }) => [name, safety, risk])).toEqual([
      ['system_info', 'pure', 0],
      ['process_list', 'pure', 0],
      ['ask_user', 'pure', 0],
    ])
  })
})

it('is told its settings', () => {
  expect(toolSettingsOf(settingsSchema.parse({}))).toEqual({
    search: { engine: 'none', url: '' },
    git: { name: 'Ottugi', email: 'ottugi@localhost' },
  })
})

describe('the offer', () => {
  it('fits into the base prompt with the system text', () => {
    const { agent } = settingsSchema.parse({})
    const system = systemText({ prompt: agent.systemPrompt, notes: [], hasTools: true })
    expect(JSON.stringify(offers()).length + system.length).toBeLessThanOrEqual(MAX_BASE_CHARACTERS)
  })

  it('is the same each time, and leaves out what is off', () => {
    expect(offers()).toEqual(offers())
    expect(offers((name) => name === 'list_dir')).toEqual([
      {
        name: 'list_dir',
        description: TOOLS.find(({ name }) => name === 'list_dir')?.description,
        inputSchema: {
          type: 'object',
          properties: { path: { type: 'string', description: 'default: the workspace' } },
        },
      },
    ])
  })
})
