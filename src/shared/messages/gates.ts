import type { Messages } from './message.ts'

/** Texts of the gates and of lasting permissions. */
export const gatesMessages = {
  'expected.gateRules': {
    en: 'a list of rules, each with tool, match, verdict (allow, ask or deny) and reason',
    ko: '규칙 목록(각 규칙에 tool, match, verdict(allow, ask, deny), reason)',
  },
  'cli.approvalsForget': {
    en: 'take a lasting permission back; only from a terminal',
    ko: '계속 허용한 권한을 거둡니다. 터미널에서만 가능합니다',
  },
  'always.title': { en: 'Always allowed:', ko: '항상 허용:' },
  'always.entry': { en: '{id}: {tool} {shape}', ko: '{id}: {tool} {shape}' },
  'always.scope': { en: '  {scope}, since {since}', ko: '  {scope}, {since}부터' },
  'always.scopeUntil': { en: '  {scope}, since {since}, until {until}', ko: '  {scope}, {since}부터 {until}까지' },
  'always.session': { en: 'only in session {session}', ko: '세션 {session}에서만' },
  'always.everywhere': { en: 'in every session', ko: '모든 세션에서' },
  'always.forgotten': {
    en: 'Forgot {id}: calls like it are asked again.',
    ko: '{id}을(를) 지웠습니다. 같은 호출은 다시 물어봅니다.',
  },
  'always.unknown': {
    en: 'There is no lasting permission {id}. See all: {command}',
    ko: '{id}라는 허용 항목이 없습니다. 전체 목록: {command}',
  },
  'always.damaged': {
    en: 'The file of lasting permissions is damaged or open to others; it allows nothing: {path}',
    ko: '항상 허용 파일이 손상되었거나 다른 사용자에게 열려 있어 아무것도 허용하지 않습니다: {path}',
  },
} as const satisfies Messages
