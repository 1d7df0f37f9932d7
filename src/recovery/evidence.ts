/** What is known of a fault: facts first, then what logs say in templates. Nothing that a log holds comes out of here as a value. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { canonicalJson } from '../shared/canonicalJson.ts'
import { APPS, type HomePaths } from '../shared/paths.ts'
import type { Redactor } from '../shared/redact/redactor.ts'
import type { FaultClass } from './evidence/faultClass.ts'
import { foldLogs, type LogTemplate } from './evidence/foldLogs.ts'
import { show } from './evidence/show.ts'
import { spokenClasses } from './evidence/spoken.ts'
import type { Facts } from './facts.ts'
import { RULES } from './runbook/rules.ts'

/** All of it. */
export type Evidence = {
  readonly facts: Facts
  readonly faultClass: FaultClass
  /** `<class>-<12 hex>`: the same for the same fault. */
  readonly signature: string
  readonly templates: readonly LogTemplate[]
  /** What a model may be shown: closed words, figures of our own probes, templates; masked once more, at most 6 kB. */
  readonly shown: string
}

/** Makes evidence of facts and logs. Pure. */
export function evidenceOf(input: {
  readonly facts: Facts
  readonly logs: readonly string[]
  readonly redactor: Redactor
}): Evidence {
  const { facts, logs, redactor } = input
  const templates = foldLogs(logs)
  const confirmed = confirmedBy(facts)
  const faultClass = confirmed?.faultClass ?? spokenClasses(templates)[0] ?? 'unknown'
  return {
    facts,
    faultClass,
    signature: signatureOf({ facts, faultClass, rule: confirmed?.rule ?? null, templates }),
    templates,
    shown: redactor.redact(show({ facts, faultClass, templates })),
  }
}

/** Evidence of a log alone, with no installation to look at. */
export function evidenceOfLog(log: string, redactor: Redactor): Omit<Evidence, 'facts'> {
  const templates = foldLogs([log])
  const faultClass = spokenClasses(templates)[0] ?? 'unknown'
  const signature = signatureOf({ facts: null, faultClass, rule: null, templates })
  return { faultClass, signature, templates, shown: redactor.redact(show({ facts: null, faultClass, templates })) }
}

/** The kinds of fault that logs speak of, the most frequent first. */
export function classifyLogs(logs: readonly string[]): FaultClass[] {
  return spokenClasses(foldLogs(logs))
}

/** The first rule that the facts confirm names the fault: facts win over every log. */
function confirmedBy(facts: Facts): { readonly rule: string; readonly faultClass: FaultClass } | undefined {
  for (const rule of RULES) {
    const faultClass = rule.probe(facts)
    if (faultClass) return { rule: rule.id, faultClass }
  }
  return undefined
}

type Signed = {
  readonly facts: Facts | null
  readonly faultClass: FaultClass
  readonly rule: string | null
  readonly templates: readonly LogTemplate[]
}

/**
 * Names this kind of fault. A fault that probes confirm is named by them alone, so that nobody can write himself into it or out of it with a log.
 * Only one that no probe knows is named by the most frequent error template, beside the last word of the agent's own ledger.
 */
function signatureOf({ facts, faultClass, rule, templates }: Signed): string {
  const lastEnd = facts?.lifeEnds[0]?.reason ?? null
  const template = rule === null && lastEnd === null ? (templates.find(({ isError }) => isError)?.text ?? null) : null
  const parts =
    rule === null ? { faultClass, lastEnd, symptom: facts?.symptom ?? null, template } : { faultClass, rule }
  return `${faultClass}-${createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 12)}`
}

/** So much of the end of each log is read, in bytes. */
const TAIL_BYTES = 256 * 1_024

/** The ends of the logs of our three processes: what they wrote, and what they said when they died. A log that cannot be read is left out. */
export async function readLogTails(paths: HomePaths): Promise<string[]> {
  const files = APPS.flatMap((app) => [paths.logOf(app), paths.errorLogOf(app)])
  const tails = await Promise.all(files.map(readTail))
  return tails.filter((tail) => tail !== '')
}

async function readTail(path: string): Promise<string> {
  try {
    // A pipe in its place would never answer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = await file.stat()
      if (!stats.isFile()) return ''
      const { size } = stats
      const length = Math.min(size, TAIL_BYTES)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    return ''
  }
}
