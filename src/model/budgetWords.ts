/** What a person is told of a limit. */
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import type { Excess, LimitName } from './budget.ts'
import type { Nearly } from './budgetPurse.ts'

/** Why a call was not made. */
export function excessWords(language: Language, { limit, unit, used, worst, most }: Excess): string {
  return text(language, unit === 'usd' ? 'costs.overUsd' : 'costs.overTokens', {
    of: text(language, `costs.limit.${limit.name}`),
    used: amount(unit, used),
    worst: amount(unit, worst),
    most: amount(unit, most),
    setting: settingOf(limit.name, unit),
  })
}

/** That limits are nearly used up; undefined for none. */
export function nearlyWords(language: Language, nearly: readonly Nearly[]): string | undefined {
  const sentences = nearly.map(({ limit, unit, share }) =>
    text(language, 'costs.nearly', {
      of: text(language, `costs.limit.${limit.name}`),
      percent: Math.floor(share * 100),
      most: amount(unit, (unit === 'usd' ? limit.usd : limit.tokens) ?? 0),
      setting: settingOf(limit.name, unit),
    }),
  )
  return sentences.length > 0 ? sentences.join(' ') : undefined
}

function settingOf(name: LimitName, unit: 'usd' | 'tokens'): string {
  return `budget.${name}${unit === 'usd' ? 'Usd' : 'Tokens'}`
}

/** Dollars to a hundredth of a cent where it is small, tokens with separators. */
function amount(unit: 'usd' | 'tokens', value: number): string {
  if (unit === 'tokens') return Math.round(value).toLocaleString('en-US')
  return `$${value.toFixed(value >= 1 ? 2 : 4)}`
}
