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
  'alert.closed': {
    en: 'Over at {at}: the agent is well again.',
    ko: '{at}에 끝났습니다. 에이전트가 다시 정상입니다.',
  },
} as const satisfies Messages
