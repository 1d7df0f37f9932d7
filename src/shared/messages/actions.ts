import type { Messages } from './message.ts'

/** Texts of what a person orders from the page, and of what came of it. */
export const actionsMessages = {
  'actions.maintenanceOn': {
    en: 'Maintenance until {until}: nothing is repaired. It ends by itself.',
    ko: '{until}까지 점검 중입니다. 그동안 수리하지 않으며, 시간이 되면 저절로 끝납니다.',
  },
  'actions.maintenanceOff': { en: 'Maintenance is over.', ko: '점검을 마쳤습니다.' },
  'actions.maintenanceNone': { en: 'There was no maintenance.', ko: '점검 중이 아니었습니다.' },
  'actions.restartAsked': {
    en: 'The agent was asked to end, and comes back by itself. What it was doing goes on after that.',
    ko: '에이전트에 종료를 요청했고, 곧 저절로 다시 시작합니다. 하던 일은 그 뒤에 이어집니다.',
  },
  'actions.startAsked': {
    en: 'No agent was running: the supervisor was asked to start it.',
    ko: '실행 중인 에이전트가 없어 수퍼바이저에 시작을 요청했습니다.',
  },
  'actions.safeModeOn': {
    en: 'Safe mode is on: the agent starts again with the least it needs.',
    ko: '안전 모드를 켰습니다. 에이전트가 꼭 필요한 것만으로 다시 시작합니다.',
  },
  'actions.safeModeOff': {
    en: 'Safe mode is off: the agent starts again as a whole.',
    ko: '안전 모드를 껐습니다. 에이전트가 온전히 다시 시작합니다.',
  },
  'actions.drillBegun': {
    en: 'The agent was killed on purpose. Watch it stand up again.',
    ko: '연습으로 에이전트를 강제 종료했습니다. 다시 일어나는 것을 지켜보십시오.',
  },
  'actions.settingsRolledBack': {
    en: 'The last known good settings are back; the others lie beside them. They count from the next restart.',
    ko: '마지막 정상 설정으로 되돌렸습니다. 이전 설정은 옆에 남겨 두었습니다. 다음 재시작부터 적용됩니다.',
  },
  'actions.stopWanted': {
    en: 'Nothing was done: Ottugi was stopped on purpose. Start it with: {command}',
    ko: '아무 일도 하지 않았습니다. Ottugi가 의도적으로 멈춘 상태입니다. 시작: {command}',
  },
  'actions.settingsInvalid': {
    en: 'Nothing was restarted: the settings are broken, and what runs would not come back with them. {problem}',
    ko: '다시 시작하지 않았습니다. 설정에 문제가 있어 지금 실행 중인 것이 돌아오지 못합니다. {problem}',
  },
  'actions.drillNotHealthy': {
    en: 'No drill now: the watch says {state}. A drill needs a healthy agent.',
    ko: '지금은 연습할 수 없습니다. 현재 상태: {state}. 에이전트가 정상일 때만 연습합니다.',
  },
  'actions.drillTooSoon': {
    en: 'No drill now: the last one was less than {minutes} minutes ago.',
    ko: '지금은 연습할 수 없습니다. 지난 연습에서 {minutes}분이 지나지 않았습니다.',
  },
  'actions.refusedByGuardian': {
    en: 'The guardian refused: {reason}',
    ko: '가디언이 거절했습니다: {reason}',
  },
  'actions.failed': { en: 'It did not work: {reason}', ko: '실행하지 못했습니다: {reason}' },
  'actions.expired': {
    en: 'It was too old when the watchdog found it, and was not done.',
    ko: '워치독이 발견했을 때 이미 기한이 지나 실행하지 않았습니다.',
  },
  'actions.notTaken': {
    en: 'Nothing was done: the watchdog did not answer within {seconds} s, and the order was taken back.',
    ko: '아무 일도 하지 않았습니다. 워치독이 {seconds}초 안에 응답하지 않아 요청을 거두었습니다.',
  },
  'actions.underWay': {
    en: 'The watchdog has begun and has not said yet what came of it.',
    ko: '워치독이 시작했지만 결과를 아직 알리지 않았습니다.',
  },
  'actions.keyTaken': {
    en: 'This id belongs to another action.',
    ko: '이 id는 다른 동작에 쓰였습니다.',
  },
  'actions.acknowledged': {
    en: 'Noted that you take care of {id}: no more reminders.',
    ko: '{id}을(를) 확인하신 것으로 적었습니다. 더 알리지 않습니다.',
  },
  'actions.noAlertOpen': { en: 'No alert is open.', ko: '열린 알림이 없습니다.' },
  'actions.alertNotOpen': { en: 'No alert {id} is open.', ko: '열린 알림 {id}이(가) 없습니다.' },
  'actions.runCancelled': { en: 'The run was cancelled.', ko: '실행을 취소했습니다.' },
  'actions.runOver': {
    en: 'There was nothing to cancel: no such run is being worked on.',
    ko: '취소할 것이 없습니다. 그런 실행은 진행 중이 아닙니다.',
  },
  'actions.agentDown': {
    en: 'The agent does not answer. Try again when it is back.',
    ko: '에이전트가 응답하지 않습니다. 돌아온 뒤에 다시 시도하십시오.',
  },
  'actions.noToken': {
    en: 'The dashboard found no token for the agent in .env.',
    ko: '.env에서 에이전트용 토큰을 찾지 못했습니다.',
  },
  'actions.approved': { en: 'You said yes to {id}.', ko: '{id}을(를) 승인하셨습니다.' },
  'actions.denied': { en: 'You said no to {id}.', ko: '{id}을(를) 거부하셨습니다.' },
  'actions.approvalUnknown': { en: 'There is no question {id}.', ko: '질문 {id}이(가) 없습니다.' },
  'actions.approvalChanged': {
    en: 'Question {id} is not the one that you saw. Look at it again.',
    ko: '질문 {id}이(가) 보신 것과 다릅니다. 다시 확인해 주십시오.',
  },
  'actions.approvalOver': {
    en: 'Question {id} cannot be answered any more: {state}.',
    ko: '질문 {id}에는 더 답할 수 없습니다: {state}.',
  },
  'actions.wrongScope': {
    en: 'You may not do this: it needs the scope {scope}.',
    ko: '권한이 없습니다. {scope} 권한이 필요합니다.',
  },
  'settingsPage.ownerOnly': {
    en: '{key} can be changed from a terminal only: {command}',
    ko: '{key}은(는) 터미널에서만 바꿀 수 있습니다: {command}',
  },
  'settingsPage.ownerOnlyMoved': {
    en: 'This change would also change {key}, which can be changed from a terminal only.',
    ko: '이 변경은 터미널에서만 바꿀 수 있는 {key}까지 바꿉니다.',
  },
  'settingsPage.unknown': { en: 'There is no setting {key}.', ko: '설정 {key}이(가) 없습니다.' },
  'settingsPage.overridden': {
    en: '{key} is set by the variable {name}, which goes before the file.',
    ko: '{key}은(는) 변수 {name}으로 정해져 있어 파일보다 우선합니다.',
  },
  'settingsPage.raced': {
    en: 'The settings were changed by somebody else in the meantime. Look at them again.',
    ko: '그사이 다른 곳에서 설정이 바뀌었습니다. 다시 확인해 주십시오.',
  },
  'settingsPage.secret': {
    en: 'A secret in .env. Its value is never shown; change it from a terminal.',
    ko: '.env에 있는 비밀 값입니다. 값은 표시하지 않으며 터미널에서 바꿀 수 있습니다.',
  },
} as const satisfies Messages
