import type { Messages } from './message.ts'

/** Texts of start, stop and restart. */
export const ringMessages = {
  'home.pathTooLong': {
    en: 'The home path is too long for a unix socket: {home} has {bytes} bytes, expected at most {most}. Choose a shorter one with --home.',
    ko: '홈 경로가 유닉스 소켓에 쓰기에 너무 깁니다: {home}은(는) {bytes}바이트이며 최대 {most}바이트까지 됩니다. --home으로 더 짧은 경로를 정해 주십시오.',
  },
  'home.notUsable': {
    en: 'The home {home} cannot be used: {reason}. Expected a folder that you may write to; choose another with --home or OTTUGI_HOME.',
    ko: '홈 {home}을(를) 쓸 수 없습니다: {reason}. 쓸 수 있는 폴더가 필요합니다. --home이나 OTTUGI_HOME으로 다른 폴더를 정해 주십시오.',
  },
  'home.foreign': {
    en: 'The home {home} belongs to user {owner}, expected your own ({own}). Run the command as its owner, or choose another home with --home.',
    ko: '홈 {home}의 소유자는 사용자 {owner}인데 본인({own}) 소유여야 합니다. 소유자로 실행하시거나 --home으로 다른 홈을 정해 주십시오.',
  },
  'home.shared': {
    en: 'The home {home} is a folder that everybody may write to. Expected one of your own; choose another with --home.',
    ko: '홈 {home}은(는) 누구나 쓸 수 있는 폴더입니다. 본인만 쓰는 폴더가 필요합니다. --home으로 다른 홈을 정해 주십시오.',
  },
  'home.openToAll': {
    en: 'Everybody may write to the home {home}; expected only you. Look at what lies in it, then: {command}',
    ko: '홈 {home}에 누구나 쓸 수 있습니다. 본인만 쓸 수 있어야 합니다. 안에 있는 파일을 확인한 뒤 실행해 주십시오: {command}',
  },
  'start.starting': { en: 'Starting …', ko: '시작합니다 …' },
  'start.up': { en: 'Ottugi is up ({seconds} s).', ko: '오뚝이가 일어났습니다({seconds}초).' },
  'start.already': { en: 'Ottugi runs already.', ko: '오뚝이가 이미 실행 중입니다.' },
  'start.labelAgent': { en: 'agent', ko: '에이전트' },
  'start.labelDashboard': { en: 'dashboard', ko: '대시보드' },
  'start.labelHome': { en: 'home', ko: '홈' },
  'dashboard.opened': {
    en: 'Opened in your browser. By hand (once, within 10 minutes): {url}',
    ko: '브라우저에서 열었습니다. 직접 열려면(한 번만, 10분 안에): {url}',
  },
  'start.login': { en: 'Sign in (once, within 10 minutes): {url}', ko: '로그인(한 번만, 10분 안에): {url}' },
  'start.ssh': {
    en: 'You are here over SSH. On your own computer, first: {command}',
    ko: 'SSH로 접속하셨습니다. 본인 컴퓨터에서 먼저 실행해 주십시오: {command}',
  },
  'start.noKey': {
    en: 'Missing: a key for the model, so the agent cannot answer yet. Two ways to get going:\n    {setKey}\n    {setUrl}   (any server that speaks the Anthropic Messages API)',
    ko: '빠진 것: 모델 키가 없어 에이전트가 아직 답할 수 없습니다. 두 가지 방법이 있습니다:\n    {setKey}\n    {setUrl}   (Anthropic Messages API를 쓰는 서버라면 무엇이든)',
  },
  'start.note': { en: 'Note: {note}', ko: '알림: {note}' },
  'start.keyInShell': {
    en: 'Note: {name} is set in your shell, but processes that run for months read it from {file} only.',
    ko: '알림: {name}이(가) 셸에 있지만, 오래 도는 프로세스는 {file}에서만 읽습니다.',
  },
  'start.commands': { en: 'Status: {status}    Stop: {stop}', ko: '상태: {status}    중지: {stop}' },
  'start.uninstall': {
    en: 'Uninstall: {stop}, then delete {home}',
    ko: '삭제: {stop} 실행 후 {home}을(를) 지우십시오',
  },
  'start.notReady': {
    en: 'Not ready after {seconds} s: {missing}. Ask: {command}',
    ko: '{seconds}초 안에 준비되지 않았습니다: {missing}. 확인: {command}',
  },
  'start.refused': {
    en: 'The guardian refused the start of {app}: {reason}',
    ko: '가디언이 {app}의 시작을 거부했습니다: {reason}',
  },
  'start.ended': { en: '{app} ended: {reason}', ko: '{app}이(가) 끝났습니다: {reason}' },
  'start.locked': {
    en: 'Another start or stop is under way. Try again in a moment.',
    ko: '다른 시작이나 중지가 진행 중입니다. 잠시 후 다시 해 주십시오.',
  },
  'start.supervisorFailed': {
    en: 'The supervisor did not start: {reason}',
    ko: '수퍼바이저가 시작되지 않았습니다: {reason}',
  },
  'start.settingsInvalid': {
    en: 'Nothing was started. Mend {places}, then start again.',
    ko: '아무것도 시작하지 않았습니다. {places}을(를) 고친 뒤 다시 시작해 주십시오.',
  },
  'stop.stopped': { en: 'Ottugi is stopped.', ko: '오뚝이를 멈췄습니다.' },
  'stop.nothing': {
    en: 'Nothing to stop: no Ottugi runs in {home}.',
    ko: '멈출 것이 없습니다. {home}에서 실행 중인 오뚝이가 없습니다.',
  },
  'stop.left': { en: 'These processes could not be ended: {pids}', ko: '끝내지 못한 프로세스: {pids}' },
  'restart.done': {
    en: '{app} restarted: pid {pid} ({seconds} s).',
    ko: '{app}을(를) 다시 시작했습니다: pid {pid}({seconds}초).',
  },
  'restart.notRunning': {
    en: 'Ottugi does not run in {home}. Start it with: {command}',
    ko: '{home}에서 오뚝이가 실행 중이 아닙니다. 시작: {command}',
  },
  'restart.settingsInvalid': {
    en: 'Nothing was restarted: what runs is well, and would not come back with these settings. Mend {places}, then restart.',
    ko: '다시 시작하지 않았습니다. 지금은 정상이지만 이 설정으로는 일어나지 못합니다. {places}을(를) 고친 뒤 다시 시작해 주십시오.',
  },
  'restart.notBack': {
    en: '{app} is not back after {seconds} s. Ask: {command}',
    ko: '{app}이(가) {seconds}초 안에 돌아오지 않았습니다. 확인: {command}',
  },
} as const satisfies Messages
