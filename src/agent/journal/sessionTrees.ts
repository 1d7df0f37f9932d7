/**
 * Which sessions belong together: a branch spends what its origin may spend. Kept in memory and brought forward with every question, because it is asked
 * before each model call. What has once been joined stays so: a branch that is deleted and made anew elsewhere gets no fresh budget.
 */

/** A session and the one that it was branched off. */
export type BranchRow = { readonly seq: number; readonly session: string; readonly origin: string }

/** Where the branches come from. */
export type BranchSource = {
  readonly all: () => readonly BranchRow[]
  /** Those with a higher number, in order. */
  readonly after: (seq: number) => readonly BranchRow[]
  readonly lastSeq: () => number
}

export type SessionTrees = {
  /** The first session of the tree that this one is in; undefined when it is alone. */
  readonly rootOf: (session: string) => string | undefined
  /** The session with all that were branched off it, however far; of a root: its whole tree. */
  readonly membersOf: (session: string) => readonly string[]
}

/** Builds the trees over a source; nothing is read before the first question. */
export function createSessionTrees(source: BranchSource): SessionTrees {
  const rootOf = new Map<string, string>()
  /** Of each root. */
  const members = new Map<string, readonly string[]>()
  const branches = new Map<string, string[]>()
  let seenSeq: number | undefined

  const join = ({ session, origin }: BranchRow) => {
    branches.set(origin, [...(branches.get(origin) ?? []), session])
    const root = rootOf.get(origin) ?? origin
    const other = rootOf.get(session) ?? session
    if (root === other) return
    const joined = [...(members.get(root) ?? [root]), ...(members.get(other) ?? [other])]
    members.delete(other)
    members.set(root, joined)
    for (const member of joined) rootOf.set(member, root)
  }
  const bringForward = () => {
    const upTo = source.lastSeq()
    if (upTo === seenSeq) return
    for (const row of seenSeq === undefined ? source.all() : source.after(seenSeq)) join(row)
    seenSeq = upTo
  }
  return {
    rootOf: (session) => {
      bringForward()
      return rootOf.get(session)
    },
    membersOf: (session) => {
      bringForward()
      return members.get(session) ?? [...withBranches(session, branches)]
    },
  }
}

function withBranches(session: string, branches: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([session])
  // A set that grows while it is gone through is gone through to its end.
  for (const one of found) for (const branch of branches.get(one) ?? []) found.add(branch)
  return found
}
