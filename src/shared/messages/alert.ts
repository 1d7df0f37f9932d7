import type { Messages } from './message.ts'

/** Texts of the alert file. */
export const alertMessages = {
  'alert.title': { en: 'Ottugi needs you: {fault}', ko: '오뚝이가 도움을 기다립니다: {fault}' },
  'alert.since': { en: 'Since {at}. First seen: {symptom}.', ko: '{at}부터입니다. 처음 본 증상: {symptom}.' },
  'alert.reason': { en: 'What is wrong: {reason}', ko: '문제: {reason}' },
  'alert.tried': { en: 'What was tried', ko: '시도한 일' },
  'alert.nothingTried': { en: 'Nothing: no known repair fits.', ko: '없습니다. 맞는 수리 방법을 찾지 못했습니다.' },
  'alert.next': { en: 'What to do', ko: '해 주실 일' },
  'alert.look': {
    en: 'Let the doctor look at it, then mend what it names:',
    ko: '진단을 실행하고, 알려 주는 문제를 고쳐 주십시오:',
  },
  'alert.retries': {
    en: 'Ottugi goes on trying: slowly by itself, and at once when ottugi.yaml, .env or the dependencies change.',
    ko: '오뚝이는 계속 시도합니다. 스스로는 천천히, ottugi.yaml이나 .env 또는 의존성이 바뀌면 바로 다시 시작합니다.',
  },
  'alert.acknowledge': {
    en: 'When you take care of it, say so; then nobody is reminded any more:',
    ko: '맡아서 처리하시면 알려 주십시오. 그러면 더 이상 다시 알리지 않습니다:',
  },
  'alert.journalHead': { en: 'Head of the repair journal: {head}', ko: '수리 기록의 마지막 해시: {head}' },
  'alert.closed': {
    en: 'Over at {at}: the agent is well again.',
    ko: '{at}에 끝났습니다. 에이전트가 다시 정상입니다.',
  },
  'alert.aboutAck': {
    en: 'say that you take care of it: no more reminders; without an id, of all that are open',
    ko: '맡아서 처리한다고 알립니다. 더 이상 다시 알리지 않습니다. id가 없으면 열린 알림 전부입니다',
  },
  'alert.notOpen': {
    en: 'There is no open alert {id}. List them with: {command}',
    ko: '열린 알림 {id}이(가) 없습니다. 목록: {command}',
  },
  'alert.noneOpen': { en: 'No alert is open.', ko: '열린 알림이 없습니다.' },
  'alert.ackLeft': {
    en: 'Noted for the watchdog: you take care of {id}.',
    ko: '워치독에 전했습니다. {id}을(를) 맡으셨습니다.',
  },
  'alert.acknowledged': { en: '{by} takes care of it, since {at}.', ko: '{by} 님이 {at}부터 맡고 있습니다.' },
  'alert.outboxUnreadable': {
    en: 'Who was told cannot be read: {reason}',
    ko: '누구에게 알렸는지 읽을 수 없습니다: {reason}',
  },
  'alert.messages': { en: 'Messages', ko: '메시지' },
  'alert.attempts': { en: 'attempts: {attempts}', ko: '시도 {attempts}회' },
  'alert.state.waiting': { en: 'waiting', ko: '대기 중' },
  'alert.state.delivered': { en: 'delivered', ko: '전달됨' },
  'alert.state.failed': { en: 'failed', ko: '실패' },
  'alert.state.dropped': { en: 'not needed any more', ko: '더 이상 필요 없음' },
  'alert.notDelivered': { en: 'channel {channel}: {state}: {reason}', ko: '{channel} 채널: {state}: {reason}' },
} as const satisfies Messages
