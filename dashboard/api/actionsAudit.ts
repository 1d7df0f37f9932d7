import type { Logger } from '../../src/shared/log.ts'

/** One change that somebody made through the dashboard. Never holds the value of a setting or a secret. */
export type AuditEntry = {
  readonly by: string
  /** The action, or the route that was called. */
  readonly action: string
  readonly args: Readonly<Record<string, unknown>>
  readonly done: boolean
  /** What the person was told. */
  readonly result: string
}

/** Writes a change down. */
export type WriteAudit = (entry: AuditEntry) => void

/** What an audit line says in its log, and how it is found there. */
export const AUDIT_WORD = 'audit'

/** Audit lines in the dashboard's own log, whatever level the settings ask for. */
export function auditTo(log: Logger): WriteAudit {
  const always = log.child({}, { level: 'info' })
  return (entry) => always.info({ audit: entry }, AUDIT_WORD)
}
