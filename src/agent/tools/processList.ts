import * as z from 'zod'
import { visibleText } from '../../shared/visibleText.ts'
import { defineTool } from './defineTool.ts'

const MAX_SHOWN = 40
const MAX_COMMAND = 160

const schema = z.strictObject({
  match: z.string().max(200).optional().describe('part of the command'),
})
type Input = z.infer<typeof schema>

/** Lists processes of the machine. It only looks; it runs with the agent, since the sandbox sees no processes but its own. */
export const processListTool = defineTool({
  name: 'process_list',
  description:
    'See which processes run on the machine, the busiest first. Returns pid, parent, user, CPU, MiB, state, command, secrets masked. It refuses to end any.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 20_000,
  maxOutput: 20_000,
  place: 'agent',
  run: async ({ match = '' }: Input) => {
    const { processes } = await import('systeminformation')
    const { createRedactor } = await import('../../shared/redact/redactor.ts')
    const { all, list } = await processes()
    if (list.length === 0) return { ok: false, reason: 'the processes of this machine cannot be listed' }
    const { redact } = createRedactor([])
    const rows = list.map((found) => ({ ...found, words: `${found.command} ${found.params}`.trim() }))
    const wanted = rows.filter(({ words, name }) => `${name} ${words}`.toLowerCase().includes(match.toLowerCase()))
    const shown = wanted.toSorted((a, b) => b.cpu - a.cpu || b.memRss - a.memRss).slice(0, MAX_SHOWN)
    const lines = shown.map(({ pid, parentPid, user, cpu, memRss, state, words }) =>
      [
        pid,
        parentPid,
        user,
        cpu.toFixed(1),
        Math.round(memRss / 1_024),
        state,
        visibleText(redact(words)).slice(0, MAX_COMMAND),
      ].join('\t'),
    )
    const head = 'pid\tparent\tuser\tcpu%\tMiB\tstate\tcommand'
    return {
      ok: true,
      text: [head, ...lines, `[${shown.length} of ${wanted.length} shown; ${all} processes run]`].join('\n'),
    }
  },
})
