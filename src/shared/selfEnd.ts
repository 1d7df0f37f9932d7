/** Faults for which a process of ours ends itself, told by the first word of the end's reason in the boot ledger: `memory-leak: the heap grows …`. */
const SELF_ENDS = ['memory-leak', 'descriptor-leak', 'out-of-memory'] as const

/** One of these faults. The words are stored. */
export type SelfEnd = (typeof SELF_ENDS)[number]

/** The fault that an end names itself; null for every other reason. */
export function faultOfEnd(reason: string): SelfEnd | null {
  return SELF_ENDS.find((fault) => reason.startsWith(`${fault}:`)) ?? null
}
