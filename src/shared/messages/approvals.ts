import type { Messages } from './message.ts'

/** Texts of the approvals: what waits for a person's yes or no. */
export const approvalsMessages = {
  'cli.approvals': {
    en: 'what waits for your yes or no, and what was answered',
    ko: '승인이나 거부를 기다리는 질문과 지난 답변을 표시합니다',
  },
  'cli.approvalsShow': {
    en: 'one question, with all that would be done',
    ko: '질문 하나를 하려는 일과 함께 자세히 표시합니다',
  },
  'cli.approvalsApprove': {
    en: 'say yes, once, to exactly what is shown; only from a terminal',
    ko: '표시된 그대로의 일을 한 번만 승인합니다. 터미널에서만 가능합니다',
  },
  'cli.approvalsDeny': { en: 'say no; only from a terminal', ko: '거부합니다. 터미널에서만 가능합니다' },
  'approvals.none': { en: 'Nothing waits for an answer.', ko: '답변을 기다리는 질문이 없습니다.' },
  'approvals.title': { en: '{id}: {state}', ko: '{id}: {state}' },
  'approvals.waiting': { en: 'waits for you', ko: '답변 대기 중' },
  'approvals.approved': { en: 'approved, not used yet', ko: '승인됨(아직 사용 전)' },
  'approvals.denied': { en: 'denied', ko: '거부됨' },
  'approvals.expired': { en: 'expired', ko: '기한 만료' },
  'approvals.used': { en: 'approved and used', ko: '승인 후 사용됨' },
  'approvals.damaged': { en: 'damaged: allows nothing', ko: '손상됨(아무것도 허용하지 않음)' },
  'approvals.plan': { en: '  would do: {plan}', ko: '  하려는 일: {plan}' },
  'approvals.action': { en: '  action: {action} {args}', ko: '  동작: {action} {args}' },
  'approvals.by': {
    en: '  proposed by: {by}, for {binding}; its reason: {reason}',
    ko: '  제안: {by}, 대상: {binding}, 이유: {reason}',
  },
  'approvals.times': {
    en: '  asked {askedAt}, open until {expiresAt}',
    ko: '  질문 시각: {askedAt}, 답변 기한: {expiresAt}',
  },
  'approvals.digest': { en: '  digest: {digest}', ko: '  식별값: {digest}' },
  'approvals.answered': { en: '  answered by {who} ({channel}) at {at}', ko: '  답변: {who}({channel}), {at}' },
  'approvals.saidYes': {
    en: 'Approved {id}: it is done at the next recovery, once.',
    ko: '{id}을(를) 승인했습니다. 다음 복구 때 한 번 실행합니다.',
  },
  'approvals.saidNo': { en: 'Denied {id}: it is not done.', ko: '{id}을(를) 거부했습니다. 실행하지 않습니다.' },
  'approvals.unknownId': {
    en: 'There is no question {id}. See all: {command}',
    ko: '{id}라는 질문이 없습니다. 전체 목록: {command}',
  },
  'approvals.notOpen': {
    en: '{id} cannot be answered any more: {state}.',
    ko: '{id}에는 더 이상 답할 수 없습니다: {state}.',
  },
  'approvals.needsTerminal': {
    en: 'Only a person at a terminal can answer: {command} was not called from one, so nothing was changed.',
    ko: '답변은 터미널 앞의 사람만 할 수 있습니다. {command}이(가) 터미널에서 실행되지 않아 아무것도 바꾸지 않았습니다.',
  },
} as const satisfies Messages
