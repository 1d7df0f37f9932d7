import { readAlways } from '../../shared/approvals/always.ts'
import type { OwnerRule } from '../../shared/config/gatesSection.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import type { Check, Finding } from '../check.ts'

/** Tools that can do anything a program can. */
const STRONG = /^(?:\*|shell)$/

/** PURE. Does a rule let everything of a strong tool through? */
export function isWide({ tool, match, verdict }: OwnerRule): boolean {
  return verdict === 'allow' && STRONG.test(tool) && /^\**$/.test(match.replaceAll(' ', ''))
}

/** Is a person still asked before something is done that cannot be taken back? */
export const gates: Check = {
  id: 'gates',
  title: 'what tools may do without a question',
  look: ({ settings, paths, language, wallMs }) => {
    if (!settings) return []
    const { mode, rules, hosts } = settings.gates
    const command = (words: string) => commandAnywhere(words, paths.home)
    const base = { check: 'gates', severity: 'warn' } as const
    const findings: Finding[] = []
    if (mode === 'all') {
      const human = text(language, 'doctor.gatesAll.human', { command: command('config set gates.mode ask') })
      findings.push({ ...base, what: text(language, 'doctor.gatesAll'), fault: 'gates-all', human })
    }
    for (const [at, rule] of rules.entries()) {
      if (!isWide(rule)) continue
      const what = text(language, 'doctor.gateWide', { number: at + 1, tool: rule.tool })
      const human = text(language, 'doctor.gateWide.human', { command: command('config edit') })
      findings.push({ ...base, what, fault: 'gate-rule-wide', human })
    }
    if (hosts.some((host) => /^\*\.[a-z]{2,3}$/i.test(host))) {
      const what = text(language, 'doctor.gateHosts', { hosts: hosts.join(', ') })
      const human = text(language, 'doctor.gateWide.human', { command: command('config edit') })
      findings.push({ ...base, what, fault: 'gate-hosts-wide', human })
    }
    if (readAlways(paths.always, new Date(wallMs).toISOString()).isDamaged) {
      const human = text(language, 'doctor.alwaysDamaged.human', { command: command('approvals') })
      findings.push({ ...base, what: text(language, 'doctor.alwaysDamaged'), fault: 'always-damaged', human })
    }
    return findings
  },
}
