import type { Settings } from '../shared/config/schema.ts'
import type { Identity } from '../shared/identity.ts'

/** What the preflight hands over. */
export type Cleared = {
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
  readonly port: { readonly agent: number; readonly note?: string | undefined }
  /** What does not work, by the name of the check, in words. */
  readonly degraded: Readonly<Record<string, string>>
  readonly safeMode: { readonly reason: string; readonly since: string } | null
  /** What was mended before this start, or could not be. */
  readonly repairs: readonly { readonly action: string; readonly ok: boolean; readonly note: string }[]
  /** The living agent whose place we take. */
  readonly predecessor?: Identity | undefined
}
