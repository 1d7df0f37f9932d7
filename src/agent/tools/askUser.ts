import * as z from 'zod'
import { defineTool } from './defineTool.ts'

const schema = z.strictObject({
  question: z.string().min(1).max(2_000).describe('with the answers to choose from'),
})

/** Puts a question to the person: it stands in the journal as this call, and ends the turn; the answer is the next message. */
export const askUserTool = defineTool({
  name: 'ask_user',
  description:
    'Ask the person for a decision or fact you cannot go on without (permissions are asked by themselves). Returns at once: end your turn then. Refused if unattended.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 5_000,
  maxOutput: 4_000,
  place: 'agent',
  run: async ({ question }: z.infer<typeof schema>, { attended = true }) => {
    if (!attended) {
      return {
        ok: false,
        reason: 'nobody is there to answer',
        hint: 'choose the careful way, and say in the answer what you assumed',
      }
    }
    return {
      ok: true,
      text: `The question is recorded:\n${question}\nNow end your turn: put exactly this question to the person and call no tool. The answer comes as the next message.`,
    }
  },
})
