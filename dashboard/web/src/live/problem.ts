/** What went wrong with a question to the server, as a value with a sentence. */
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'

const t = sayFrom(pageMessages)

/** A failed question. `status` is 0 where the server did not answer; `name` is the last word of the problem's type. */
export type Failure = { readonly ok: false; readonly status: number; readonly name: string; readonly reason: string }
/** An answer, or why there is none. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | Failure

/** Nobody answered: the page says so and guesses nothing. */
export function unreachable(): Failure {
  return { ok: false, status: 0, name: 'unreachable', reason: t('page.unreachable') }
}

/** The question was taken back by the page itself; shown to nobody. */
export function aborted(): Failure {
  return { ok: false, status: 0, name: 'aborted', reason: t('page.aborted') }
}

/** The problem in an answer, worded for the reader where its name is known here, else in the server's words. */
export function failureOf(status: number, body: unknown): Failure {
  const { type, detail, title } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const name = typeof type === 'string' ? (type.split(':').at(-1) ?? '') : ''
  const said = [detail, title].find((words) => typeof words === 'string' && words !== '')
  return { ok: false, status, name, reason: typeof said === 'string' ? said : wordsOf(status) }
}

function wordsOf(status: number): string {
  if (status === 401) return t('page.problem.401')
  if (status === 403) return t('page.problem.403')
  if (status === 404) return t('page.problem.404')
  if (status === 429) return t('page.problem.429')
  return t('page.problem.other', { status })
}
