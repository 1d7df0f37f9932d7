import type { Messages } from './message.ts'

/** What the agent says: over HTTP, in its health, and through `run` and `chat`. */
export const agentMessages = {
  'agent.noKey': {
    en: 'No model key is set ({variable}). Two ways to get going: (1) {setKey}  (2) for an Anthropic-compatible server of your own, which needs no key: {setUrl}',
    ko: '모델 키({variable})가 없습니다. 시작하는 방법은 두 가지입니다: (1) {setKey}  (2) 키가 필요 없는 자체 Anthropic 호환 서버를 쓰려면: {setUrl}',
  },
  'agent.unauthorized': {
    en: 'The provider refuses the key in {variable}. Set a valid one: {command}',
    ko: '공급자가 {variable} 키를 거부했습니다. 올바른 키를 설정하십시오: {command}',
  },
  'agent.modelTrouble': {
    en: 'The last model call failed ({kind}): {reason}',
    ko: '마지막 모델 호출이 실패했습니다 ({kind}): {reason}',
  },
  'agent.budget': {
    en: 'A budget is used up: {reason}. Raise the limit with: {command}',
    ko: '예산을 다 썼습니다: {reason}. 한도를 늘리려면: {command}',
  },
  'agent.rateLimited': {
    en: 'The provider limits the rate of calls. Try again soon.',
    ko: '공급자가 호출 속도를 제한합니다. 잠시 후 다시 시도하십시오.',
  },
  'agent.overloaded': {
    en: 'The provider is overloaded. Try again soon.',
    ko: '공급자에 부하가 많습니다. 잠시 후 다시 시도하십시오.',
  },
  'agent.timeout': {
    en: 'The provider did not answer in time: {reason}',
    ko: '공급자가 제때 답하지 않았습니다: {reason}',
  },
  'agent.network': { en: 'The provider cannot be reached: {reason}', ko: '공급자에 연결할 수 없습니다: {reason}' },
  'agent.refused': { en: 'The model declined to answer.', ko: '모델이 답변을 거절했습니다.' },
  'agent.cancelled': { en: 'Cancelled.', ko: '취소했습니다.' },
  'agent.badAnswer': { en: 'The answer cannot be used: {reason}', ko: '답변을 사용할 수 없습니다: {reason}' },
  'agent.storage': {
    en: 'The journal cannot be written, so nothing was accepted: {reason}',
    ko: '기록을 쓸 수 없어 요청을 받지 않았습니다: {reason}',
  },
  'agent.leaving': {
    en: 'The agent is being replaced or stopped. Ask again with the same id: nothing is done twice.',
    ko: '에이전트가 교체되거나 종료되는 중입니다. 같은 id로 다시 요청하십시오. 두 번 처리되지 않습니다.',
  },
  'agent.safeMode': {
    en: 'The agent runs in safe mode since {since} and answers no questions: {reason}',
    ko: '에이전트가 {since}부터 안전 모드로 실행 중이며 질문에 답하지 않습니다: {reason}',
  },
  'agent.parked': {
    en: '{count} runs or sessions are set aside, because the agent died over them. To go on with the first one: {command}',
    ko: '에이전트가 처리하다가 거듭 종료되어 실행 또는 세션 {count}개를 보류해 두었습니다. 첫 번째를 다시 진행하려면: {command}',
  },
  'agent.parkedSession': {
    en: 'The session {id} is set aside since {since}: {reason}. Release it with: {command}, or ask in another session.',
    ko: '세션 {id}은(는) {since}부터 보류 중입니다({reason}). 해제하려면: {command}. 다른 세션에서 질문하셔도 됩니다.',
  },
  'agent.parkedRun': {
    en: 'The run {id} is set aside since {since}: {reason}. Release it with: {command}',
    ko: '실행 {id}은(는) {since}부터 보류 중입니다({reason}). 해제하려면: {command}',
  },
  'agent.settingsInvalid': {
    en: '{problem} The running agent keeps its settings.',
    ko: '{problem} 실행 중인 에이전트는 기존 설정을 유지합니다.',
  },
  'agent.settingsChanged': {
    en: 'changed; takes effect at the next start',
    ko: '변경되었습니다. 다음 시작 때 적용됩니다',
  },
  'agent.memoryHigh': {
    en: 'The heap holds {usedMb} of {maxMb} MiB.',
    ko: '힙 메모리 {maxMb} MiB 중 {usedMb} MiB를 사용 중입니다.',
  },
  'agent.memoryGrows': {
    en: 'The memory grows by {rateMb} MiB a second without a pause; it would be full in {seconds} s. The agent is restarted before that.',
    ko: '메모리가 쉬지 않고 초당 {rateMb} MiB씩 늘고 있어 {seconds}초 뒤에 가득 찹니다. 그 전에 에이전트를 다시 시작합니다.',
  },
  'agent.descriptorsHigh': {
    en: '{open} of {limit} file descriptors are open. The agent is restarted before they run out.',
    ko: '파일 디스크립터 {limit}개 중 {open}개가 열려 있습니다. 모두 쓰기 전에 에이전트를 다시 시작합니다.',
  },
  'agent.loopBusy': {
    en: 'The event loop was busy for {percent} % of the last seconds.',
    ko: '최근 몇 초 동안 이벤트 루프 사용률이 {percent} %입니다.',
  },
  'agent.unreachable': {
    en: 'The agent is not reachable. Start it with: {command}',
    ko: '에이전트에 연결할 수 없습니다. 시작하려면: {command}',
  },
  'agent.noToken': {
    en: 'There is no token in {file}. The agent makes one when it starts: {command}',
    ko: '{file} 파일에 토큰이 없습니다. 에이전트를 시작하면 생성됩니다: {command}',
  },
  'agent.connectionLost': {
    en: 'The connection broke, asking again …',
    ko: '연결이 끊어져 다시 요청합니다 …',
  },
  'agent.emptyMessage': {
    en: 'There is no message. Give one with -e "…", or on stdin with -e -',
    ko: '메시지가 없습니다. -e "…" 로 지정하거나 -e - 로 표준 입력에서 읽으십시오',
  },
  'agent.chatNeedsTerminal': {
    en: 'A conversation needs a terminal. Without one use: {command}',
    ko: '대화하려면 터미널이 필요합니다. 터미널이 없으면 다음을 사용하십시오: {command}',
  },
  'agent.chatUnknown': {
    en: 'There is no command {command}. Try /help',
    ko: '{command} 명령은 없습니다. /help를 입력하십시오',
  },
  'dashboard.signInTitle': { en: 'Sign in', ko: '로그인' },
  'dashboard.signIn': {
    en: 'Open the link that this command prints: {command}',
    ko: '다음 명령이 출력하는 링크를 여십시오: {command}',
  },
  'dashboard.codeUsed': {
    en: 'This link was used already or is too old.',
    ko: '이미 사용했거나 만료된 링크입니다.',
  },
  'dashboard.tooMany': {
    en: 'Too many tries. Wait a minute.',
    ko: '시도가 너무 많습니다. 1분 후 다시 시도하십시오.',
  },
  'dashboard.processes': { en: 'Processes', ko: '프로세스' },
  'dashboard.incidents': { en: 'Last incidents', ko: '최근 장애' },
  'dashboard.refreshed': {
    en: 'As of {at}; refreshed every {seconds} s.',
    ko: '{at} 기준, {seconds}초마다 새로 고칩니다.',
  },
  'dashboard.settingsInvalid': {
    en: 'The settings cannot be used; this dashboard runs with the defaults. {problem}',
    ko: '설정을 사용할 수 없어 대시보드가 기본값으로 실행됩니다. {problem}',
  },
  'dashboard.portTaken': {
    en: 'Port {wanted} is taken by another program; the dashboard uses {port}.',
    ko: '다른 프로그램이 {wanted} 포트를 사용 중이므로 대시보드는 {port} 포트를 사용합니다.',
  },
  'dashboard.bindRefused': {
    en: 'Listening on {host} needs OTTUGI_TOKEN in .env; the dashboard listens on 127.0.0.1 only.',
    ko: '{host}에서 연결을 받으려면 .env에 OTTUGI_TOKEN이 필요하므로 대시보드는 127.0.0.1에서만 연결을 받습니다.',
  },
} as const satisfies Messages
