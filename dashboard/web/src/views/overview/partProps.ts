import type { Overview } from '../../../../contract.ts'

/** What each card of the first screen gets. */
export type PartProps = { readonly overview: Overview; readonly stale: boolean }
