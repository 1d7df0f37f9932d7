/** PURE. Which model is asked, why, and who is asked when it cannot answer. */
import type { FailureKind } from './modelCall.ts'

/** What kind of work a call is. */
export type Task = 'quick' | 'default' | 'deep'

/** What routing needs to know of the settings; an empty name is none. */
export type Routes = {
  readonly quick: string
  readonly deep: string
  readonly fallbacks: readonly string[]
  readonly fallbackWhenRefused: boolean
}

/** One model to ask; `name` is undefined for the model of the settings. */
export type Route = { readonly name: string | undefined; readonly why: string }

/** The models to ask, in order; the first one is the choice, the others stand in for it. */
export function routesOf(wish: { readonly model?: string; readonly task?: Task }, routes: Routes): readonly Route[] {
  const chosen = choose(wish, routes)
  const others = routes.fallbacks.filter((name) => name !== chosen.name)
  return [chosen, ...others.map((name) => ({ name, why: 'fallback' }))]
}

function choose({ model, task = 'default' }: { readonly model?: string; readonly task?: Task }, routes: Routes): Route {
  if (model) return { name: model, why: 'asked for by name' }
  const name = task === 'default' ? '' : routes[task]
  return name
    ? { name, why: `task ${task} → ${name}` }
    : { name: undefined, why: `task ${task} → the model of the settings` }
}

/** The provider may answer later, or another one now. */
const TROUBLE: ReadonlySet<FailureKind> = new Set(['overloaded', 'timeout', 'network', 'rate-limited'])
/** Only somebody else may answer this one, and only when the owner wants that. */
const REFUSALS: ReadonlySet<FailureKind> = new Set(['no-key', 'unauthorized', 'refused', 'bad-answer'])

/** May the same call be tried once more at the same model? */
export function isTrouble(kind: FailureKind): boolean {
  return TROUBLE.has(kind)
}

/** May the next model stand in after this failure? */
export function mayFallBack(kind: FailureKind, isOtherProvider: boolean, { fallbackWhenRefused }: Routes): boolean {
  return TROUBLE.has(kind) || (fallbackWhenRefused && isOtherProvider && REFUSALS.has(kind))
}
