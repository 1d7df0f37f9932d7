import type { Messages } from './message.ts'

/** Sentences that the server of the dashboard makes. */
export const dashboardServerMessages = {
  'dashboardServer.wrongToken': {
    en: 'This token is not known here. The tokens stand in .env of the home.',
    ko: '알 수 없는 토큰입니다. 토큰은 홈 폴더의 .env에 있습니다.',
  },
  'dashboardServer.notBuilt': {
    en: 'This is the small page: the whole one was not built here. Build it with: {command}',
    ko: '간이 페이지입니다. 전체 페이지가 아직 빌드되지 않았습니다. 빌드: {command}',
  },
  'dashboardServer.lastHealed': {
    en: 'Last healed {at}: {fault}, {down} down, {cost}.',
    ko: '마지막 회복 {at}: {fault}, {down} 중단, {cost}.',
  },
  'dashboardServer.missing': { en: 'It is not there (yet).', ko: '아직 없습니다.' },
  'dashboardServer.locked': {
    en: 'Another process holds it locked. It is tried again.',
    ko: '다른 프로세스가 잠그고 있습니다. 다시 시도합니다.',
  },
  'dashboardServer.otherForm': {
    en: 'It has another form than this version expects: {reason}',
    ko: '이 버전이 기대하는 형식과 다릅니다: {reason}',
  },
  'dashboardServer.unreadable': { en: 'It cannot be read: {reason}', ko: '읽을 수 없습니다: {reason}' },
  'dashboardServer.agentDown': {
    en: 'The agent cannot be asked: it does not answer.',
    ko: '에이전트가 응답하지 않아 물어볼 수 없습니다.',
  },
  'dashboardServer.seen': { en: 'Seen: {symptom}.', ko: '발견: {symptom}.' },
  'dashboardServer.seenAfter': {
    en: 'Seen: {symptom}, {detect} after it broke.',
    ko: '발견: {symptom}. 고장 {detect} 후.',
  },
  'dashboardServer.did': { en: '{action}: {result}', ko: '{action}: {result}' },
  'dashboardServer.didWith': { en: '{action} ({args}): {result}', ko: '{action}({args}): {result}' },
  'dashboardServer.undid': { en: '{action}, and taken back: {result}', ko: '{action} 후 되돌림: {result}' },
  'dashboardServer.refused': { en: 'Not allowed: {action}. {result}', ko: '허용되지 않음: {action}. {result}' },
  'dashboardServer.told': { en: 'A person was told: {what}', ko: '사람에게 알림: {what}' },
  'dashboardServer.ended': {
    en: 'Over: {outcome} by {tier}, {down} down.',
    ko: '종료: {tier}이(가) {outcome}, {down} 중단.',
  },
  'dashboardServer.evidenceMasked': { en: 'What recovery saw, masked', ko: '복구가 본 증거(가려짐)' },
  'dashboardServer.evidenceProposals': { en: 'What was proposed', ko: '제안된 조치' },
  'dashboardServer.evidenceModel': { en: 'Model calls', ko: '모델 호출' },
  'dashboardServer.evidenceRepairs': { en: 'Repair journal', ko: '수리 기록' },
  'dashboardServer.evidenceRecord': { en: 'The incident as it is kept', ko: '저장된 장애 기록' },
} as const satisfies Messages
