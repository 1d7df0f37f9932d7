/** What else happens in a home while the page looks at it: asked through the dashboard's own interface, by a program with a token. */
import type { Approvals, ChatQuestion, ShownApproval } from '../../dashboard/contractViews.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { askAsOwner, LIMIT_MS, type Stage } from './browserStage.ts'

/** A name that tries everything: markup, a script, a mark that turns the text around, escapes of a terminal. */
export const HOSTILE =
  '<img src=x onerror="hacked=1"><script>hacked=1</script> \u202egpj.exe \u001b[31mred\u0007 [a](javascript:hacked=1)'

/** Asks the agent and waits until its run is over. */
export async function chatThrough(stage: Stage, question: ChatQuestion): Promise<string> {
  const response = await askAsOwner(stage.ring, '/api/chat', question)
  const stream = await response.text()
  if (!stream.includes('event: done')) throw new Error(`the question was not answered: ${stream.slice(-500)}`)
  return stream
}

/** Waits for a question to a person, and gives it. */
export function waitingApproval(stage: Stage): Promise<ShownApproval> {
  return waitFor('a question to a person', LIMIT_MS, async () => {
    const { approvals } = (await (await askAsOwner(stage.ring, '/api/approvals')).json()) as Approvals
    return approvals.find(({ state }) => state === 'waiting')
  })
}
