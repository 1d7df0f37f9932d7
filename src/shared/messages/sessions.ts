/** Texts about sessions and recorded runs. */
import type { Messages } from './message.ts'

export const sessionsMessages = {
  'sessions.about': {
    en: 'what was talked about: list, read, search, branch',
    ko: '대화 기록: 목록, 읽기, 검색, 분기',
  },
  'sessions.list': { en: 'list the sessions, last used first', ko: '세션을 최근에 사용한 순서로 표시합니다' },
  'sessions.show': { en: 'show one session, with its tool calls', ko: '세션 하나를 도구 호출과 함께 표시합니다' },
  'sessions.rename': { en: 'give a session a name', ko: '세션에 이름을 붙입니다' },
  'sessions.branch': {
    en: 'begin a new session that shares the past of this one',
    ko: '이 세션의 과거를 공유하는 새 세션을 시작합니다',
  },
  'sessions.export': { en: 'write a session as JSON or Markdown', ko: '세션을 JSON 또는 Markdown으로 내보냅니다' },
  'sessions.delete': {
    en: 'delete a session: nothing lists, reads or finds it any more. Its texts stay in the database until --purge, and in older backups; files in the workspace stay',
    ko: '세션을 삭제하여 목록, 읽기, 검색에서 제외합니다. 내용은 --purge를 쓰기 전까지 데이터베이스에 남고 이전 백업에도 남으며, 작업 공간의 파일은 그대로 둡니다',
  },
  'sessions.search': {
    en: 'find what was said; every word must occur',
    ko: '대화에서 모든 단어가 들어 있는 내용을 찾습니다',
  },
  'sessions.optAt': {
    en: 'share the past up to this event (default: all)',
    ko: '이 이벤트까지의 과거를 공유합니다(기본값: 전체)',
  },
  'sessions.optAs': { en: 'the id of the new session', ko: '새 세션의 ID' },
  'sessions.optFormat': { en: 'json or markdown', ko: 'json 또는 markdown' },
  'sessions.optOutput': { en: 'write to this new file', ko: '이 새 파일에 기록합니다' },
  'sessions.optPurge': {
    en: 'overwrite its texts in the database for good; needs --yes',
    ko: '데이터베이스의 내용을 영구히 덮어씁니다. --yes가 필요합니다',
  },
  'sessions.optYes': { en: 'yes, I mean it', ko: '정말로 실행합니다' },
  'sessions.none': { en: 'There are no sessions.', ko: '세션이 없습니다.' },
  'sessions.nothingFound': { en: 'Nothing was found.', ko: '찾은 내용이 없습니다.' },
  'sessions.unreadable': { en: 'The sessions cannot be read: {reason}', ko: '세션을 읽을 수 없습니다: {reason}' },
  'sessions.unknown': {
    en: 'There is no session {session}. See: {command}',
    ko: '{session} 세션이 없습니다. 목록 보기: {command}',
  },
  'sessions.runs': { en: '{count} runs', ko: '실행 {count}회' },
  'sessions.idle': { en: 'idle', ko: '대기' },
  'sessions.working': { en: 'working', ko: '작업 중' },
  'sessions.renamed': {
    en: 'Session {session} is called "{name}" now.',
    ko: '{session} 세션의 이름을 "{name}"(으)로 바꿨습니다.',
  },
  'sessions.branched': {
    en: 'Session {session} shares the past of {from}.',
    ko: '{session} 세션이 {from} 세션의 과거를 공유합니다.',
  },
  'sessions.written': { en: 'Written: {file}', ko: '기록했습니다: {file}' },
  'sessions.notWritten': { en: '{file} cannot be written: {reason}', ko: '{file} 파일을 쓸 수 없습니다: {reason}' },
  'sessions.deleted': { en: 'Session {session} is deleted.', ko: '{session} 세션을 삭제했습니다.' },
  'sessions.purged': {
    en: 'Session {session} is deleted and its texts are overwritten. Backups that were made before still hold them.',
    ko: '{session} 세션을 삭제하고 내용을 덮어썼습니다. 그 전에 만든 백업에는 내용이 남아 있습니다.',
  },
  'sessions.purgeNeedsYes': {
    en: 'Nothing brings purged texts back. If you mean it: {command}',
    ko: '덮어쓴 내용은 되돌릴 수 없습니다. 그래도 실행하려면: {command}',
  },
  'sessions.badNumber': {
    en: '{option}: expected the number of an event, got {got}.',
    ko: '{option}: 이벤트 번호가 필요하지만 {got}이(가) 입력되었습니다.',
  },
  'sessions.badFormat': {
    en: '--format: expected json or markdown, got {got}.',
    ko: '--format: json 또는 markdown이어야 하지만 {got}이(가) 입력되었습니다.',
  },
  'replay.about': {
    en: 'show a recorded run step by step, or run it again',
    ko: '기록된 실행을 단계별로 표시하거나 다시 실행합니다',
  },
  'replay.optCheck': {
    en: 'compare it with what the agent would do today, event by event',
    ko: '지금의 에이전트라면 같은 일을 했을지 이벤트마다 비교합니다',
  },
  'replay.same': {
    en: 'No divergence: the agent of today would do the same.',
    ko: '차이 없음: 지금의 에이전트도 똑같이 합니다.',
  },
  'replay.diverged': {
    en: '#{seq} {type}: today it would be {expected}',
    ko: '#{seq} {type}: 지금이라면 {expected}입니다',
  },
  'replay.optRerun': { en: 'run it again as a new run', ko: '새 실행으로 다시 실행합니다' },
  'replay.optFrom': { en: 'keep what happened up to this event', ko: '이 이벤트까지 일어난 일은 그대로 둡니다' },
  'replay.optModel': { en: 'the model of the new run', ko: '새 실행에 사용할 모델' },
  'replay.optDryRun': {
    en: 'run it again, but carry nothing out that has an effect',
    ko: '다시 실행하되 효과가 있는 작업은 수행하지 않습니다',
  },
  'replay.needsRerun': {
    en: '--from and --model belong to --rerun or --dry-run.',
    ko: '--from과 --model은 --rerun 또는 --dry-run과 함께 사용하십시오.',
  },
  'replay.unknown': {
    en: 'There is no run {run}. Runs are named by: {command}',
    ko: '{run} 실행이 없습니다. 실행 ID 보기: {command}',
  },
  'replay.head': { en: 'Run {run} of session {session}, {at}', ko: '실행 {run}, 세션 {session}, {at}' },
  'replay.asked': { en: 'the person asked', ko: '사용자 질문' },
  'replay.steered': { en: 'the person added', ko: '사용자 추가 지시' },
  'replay.modelAsked': { en: 'asks {model} ({turns} turns)', ko: '{model}에 질문(대화 {turns}개)' },
  'replay.modelAnswered': {
    en: '{model} answered: {input} tokens in, {output} out, {cost} USD, {took}',
    ko: '{model} 답변: 입력 토큰 {input}, 출력 토큰 {output}, {cost} USD, {took}',
  },
  'replay.modelFailed': {
    en: '{model} gave no answer: {reason}, {cost} USD, {took}',
    ko: '{model} 답변 없음: {reason}, {cost} USD, {took}',
  },
  'replay.called': { en: 'calls {tool} {input}', ko: '{tool} 호출 {input}' },
  'replay.verdict': { en: '{tool}: {verdict} by {rule}. {reason}', ko: '{tool}: {verdict}, 규칙 {rule}. {reason}' },
  'replay.toolStarted': { en: '{tool} begins ({safety})', ko: '{tool} 시작({safety})' },
  'replay.toolEnded': { en: '{tool}: {how}, {took}', ko: '{tool}: {how}, {took}' },
  'replay.cancelAsked': { en: 'the person wishes it to stop', ko: '사용자 중지 요청' },
  'replay.hinted': { en: 'the model is told', ko: '모델에 알림' },
  'replay.ended': { en: 'ended: {finish} {reason}', ko: '종료: {finish} {reason}' },
  'replay.total': {
    en: '{calls} model calls, {tools} tool calls, {cost} USD, {took}',
    ko: '모델 호출 {calls}회, 도구 호출 {tools}회, {cost} USD, {took}',
  },
  'replay.notEnded': { en: 'This run has not ended.', ko: '이 실행은 아직 끝나지 않았습니다.' },
  'replay.rerun': { en: 'The new run is {run}.', ko: '새 실행은 {run}입니다.' },
} as const satisfies Messages
