import type { Messages } from './message.ts'

/** The help of the command line, and what it says to words that it does not understand. */
export const cliMessages = {
  'cli.about': {
    en: 'an AI agent that runs 24/7 on your own machine and gets back up by itself',
    ko: '내 컴퓨터에서 24시간 일하고, 넘어져도 스스로 일어나는 AI 에이전트',
  },
  'cli.titleUsage': { en: 'Usage:', ko: '사용법:' },
  'cli.titleArguments': { en: 'Arguments:', ko: '인자:' },
  'cli.titleOptions': { en: 'Options:', ko: '옵션:' },
  'cli.titleGlobal': { en: 'Global Options:', ko: '공통 옵션:' },
  'cli.titleCommands': { en: 'Commands:', ko: '명령:' },
  'cli.optHelp': { en: 'show this help', ko: '이 도움말을 표시합니다' },
  'cli.optVersion': { en: 'print the version', ko: '버전을 표시합니다' },
  'cli.optHome': {
    en: 'the installation to work with (default: OTTUGI_HOME, this checkout, or ~/.ottugi)',
    ko: '사용할 설치 위치(기본값: OTTUGI_HOME, 이 체크아웃 또는 ~/.ottugi)',
  },
  'cli.optJson': { en: 'print JSON', ko: 'JSON으로 출력합니다' },
  'cli.optJsonLines': { en: 'print JSON, one object a line', ko: '한 줄에 하나씩 JSON 객체로 출력합니다' },
  'cli.optCount': { en: 'how many, newest first', ko: '표시할 개수(최신순)' },
  'cli.help': { en: 'show the help of a command', ko: '명령의 도움말을 표시합니다' },
  'cli.start': {
    en: 'start everything, or what is missing of it, and say where it is',
    ko: '전체 또는 빠진 것을 시작하고 주소를 알려 줍니다',
  },
  'cli.stop': {
    en: 'stop everything; it stays stopped until the next start',
    ko: '전체를 멈춥니다. 다음 시작까지 멈춰 있습니다',
  },
  'cli.restart': {
    en: 'end {apps} or all politely and see them come back (default: agent)',
    ko: '{apps} 또는 all을 정상 종료하고 다시 일어나는지 확인합니다(기본값: agent)',
  },
  'cli.status': {
    en: 'how it is, in one sentence, and where everything runs; exits 1 when a person is needed or nobody watches',
    ko: '상태를 한 문장으로, 그리고 실행 위치를 알려 줍니다. 사람이 필요하거나 지켜보는 프로세스가 없으면 종료 코드는 1입니다',
  },
  'cli.health': {
    en: 'ask the agent itself; exits 1 when it fails, 69 when it cannot be reached',
    ko: '에이전트에 직접 묻습니다. 실패하면 종료 코드 1, 연결할 수 없으면 69입니다',
  },
  'cli.logs': { en: 'what {apps} wrote, in the order of time', ko: '{apps}이(가) 기록한 로그를 시간순으로 표시합니다' },
  'cli.logsLines': { en: 'how many of the last lines', ko: '표시할 마지막 줄 수' },
  'cli.logsFollow': { en: 'go on with what comes', ko: '새로 기록되는 줄도 계속 표시합니다' },
  'cli.logsJson': { en: 'print the lines as they are in the files', ko: '파일에 있는 줄을 그대로 출력합니다' },
  'cli.doctor': {
    en: 'look at everything and say what is wrong, in words; changes nothing without --fix; exits 1 when something fails',
    ko: '전체를 살펴보고 문제를 말로 알려 줍니다. --fix 없이는 아무것도 바꾸지 않으며, 실패가 있으면 종료 코드는 1입니다',
  },
  'cli.incidents': {
    en: 'what broke, which tier healed it, how long it was down; with an id, all that is known of it',
    ko: '무엇이 고장 났고 어느 단계가 고쳤으며 얼마나 중단됐는지 표시합니다. id를 주면 그 장애를 자세히 표시합니다',
  },
  'cli.alerts': {
    en: 'the alerts that need a person, open and closed; with an id, its text',
    ko: '사람이 필요한 알림을 표시합니다. id를 주면 그 내용을 표시합니다',
  },
  'cli.maintenance': {
    en: 'a time in which the watchdog does nothing; it ends by itself',
    ko: '워치독이 아무 일도 하지 않는 점검 시간. 스스로 끝납니다',
  },
  'cli.maintenanceOn': { en: 'begin it', ko: '점검을 시작합니다' },
  'cli.maintenanceFor': { en: 'how long: 90s, 30m, 2h; at most 24h', ko: '기간: 90s, 30m, 2h. 최대 24h' },
  'cli.maintenanceReason': { en: 'why, for the others', ko: '다른 사람에게 알릴 이유' },
  'cli.maintenanceOff': { en: 'end it now', ko: '지금 끝냅니다' },
  'cli.maintenanceStatus': { en: 'is there one?', ko: '점검 중인지 확인합니다' },
  'cli.run': { en: 'ask the agent one thing and print its answer', ko: '에이전트에 한 번 묻고 답을 출력합니다' },
  'cli.runMessage': { en: 'the message; - reads it from stdin', ko: '메시지. -는 표준 입력에서 읽습니다' },
  'cli.session': { en: 'go on with a conversation', ko: '이전 대화를 이어 갑니다' },
  'cli.chat': { en: 'talk with the agent', ko: '에이전트와 대화합니다' },
  'cli.dashboard': {
    en: 'open the dashboard in your browser, signed in, and print the link that does so once; exits 69 when it does not run',
    ko: '대시보드를 로그인된 채로 브라우저에서 열고, 한 번만 쓸 수 있는 링크를 출력합니다. 실행 중이 아니면 종료 코드는 69입니다',
  },
  'cli.noOpen': { en: 'only print the link', ko: '링크만 출력합니다' },
  'cli.completion': { en: 'print completion for bash, zsh or fish', ko: 'bash, zsh, fish용 자동 완성을 출력합니다' },
  'cli.completionExample': { en: 'For example:', ko: '예:' },

  'cli.unknownCommand': { en: 'There is no command {name}.', ko: '{name} 명령은 없습니다.' },
  'cli.unknownOption': { en: 'There is no option {name}.', ko: '{name} 옵션은 없습니다.' },
  'cli.didYouMean': { en: 'Did you mean {names}?', ko: '{names}을(를) 의도하셨습니까?' },
  'cli.argumentMissing': { en: 'Something is missing: <{name}>.', ko: '<{name}>이(가) 빠졌습니다.' },
  'cli.valueMissing': { en: 'The option {name} needs a value.', ko: '{name} 옵션에 값이 필요합니다.' },
  'cli.optionMissing': { en: 'The option {name} is needed.', ko: '{name} 옵션이 필요합니다.' },
  'cli.tooMany': { en: 'Too many words: {given}.', ko: '인자가 너무 많습니다: {given}.' },
  'cli.seeHelp': { en: 'See: {command}', ko: '도움말: {command}' },
  'cli.badValue': {
    en: '{what}: expected {expected}, got {got}.',
    ko: '{what}: {expected} 중 하나여야 하는데 {got}이(가) 왔습니다.',
  },
  'cli.badCount': {
    en: '{what}: expected a whole number from {least}, got {got}.',
    ko: '{what}: {least} 이상의 정수여야 하는데 {got}이(가) 왔습니다.',
  },
  'cli.emptyHome': {
    en: '--home: expected a folder, got nothing. Leave the option out to work with {home}.',
    ko: '--home: 폴더가 필요한데 값이 비어 있습니다. {home}을(를) 쓰려면 옵션을 빼십시오.',
  },
  'cli.packageMissing': {
    en: 'A package of ours is missing or damaged: {reason}. Install them anew: {command}',
    ko: '패키지가 없거나 손상되었습니다: {reason}. 다시 설치해 주십시오: {command}',
  },
  'cli.fileTrouble': {
    en: 'This failed: {reason}. Check who owns that file or folder, its rights, and the disk.',
    ko: '실패했습니다: {reason}. 파일이나 폴더의 소유자와 권한, 디스크를 확인해 주십시오.',
  },
  'cli.bug': {
    en: 'This failed in a way that it should not: {reason}',
    ko: '예상하지 못한 오류로 실패했습니다: {reason}',
  },
  'alerts.none': { en: 'No alert so far.', ko: '아직 알림이 없습니다.' },
  'alerts.open': { en: 'open', ko: '열림' },
  'alerts.closed': { en: 'closed', ko: '닫힘' },
  'alerts.unknownId': {
    en: 'There is no alert {id}. List them with: {command}',
    ko: '알림 {id}이(가) 없습니다. 목록: {command}',
  },
  'dashboard.notRunning': {
    en: 'The dashboard does not run in {home}. Start it with: {command}',
    ko: '{home}에서 대시보드가 실행 중이 아닙니다. 시작: {command}',
  },
} as const satisfies Messages
