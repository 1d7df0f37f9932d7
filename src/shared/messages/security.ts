import type { Messages } from './message.ts'

/** Texts of `ottugi security`. */
export const securityMessages = {
  'security.about': {
    en: 'how well this installation is closed, and new tokens',
    ko: '이 설치가 얼마나 안전한지 살펴보고 토큰을 새로 만듭니다',
  },
  'security.aboutAudit': {
    en: 'look at everything that is about security, with points for each area; exits 1 when something fails',
    ko: '보안에 관한 것을 모두 살펴보고 영역마다 점수를 매깁니다. 실패가 있으면 종료 코드는 1입니다',
  },
  'security.aboutRotate': {
    en: 'make every token and the secret of the sessions anew; whoever is signed in has to sign in again',
    ko: '모든 토큰과 세션 비밀 값을 새로 만듭니다. 로그인한 사람은 다시 로그인해야 합니다',
  },
  'security.area.access': { en: 'access', ko: '접근 권한' },
  'security.area.network': { en: 'network', ko: '네트워크' },
  'security.area.secrets': { en: 'secrets', ko: '비밀 값' },
  'security.area.files': { en: 'files', ko: '파일' },
  'security.area.tools': { en: 'tools', ko: '도구' },
  'security.area.processes': { en: 'processes', ko: '프로세스' },
  'security.area.program': { en: 'program', ko: '프로그램' },
  'security.whole': {
    en: '{score} of 100: as strong as the weakest area.',
    ko: '100점 만점에 {score}점: 가장 약한 영역만큼 안전합니다.',
  },
  'security.rotated': {
    en: 'New in {file}: {names}.',
    ko: '{file}에 새로 넣었습니다: {names}.',
  },
  'security.notRotated': {
    en: '{name} could not be written ({reason}). Names before it in the list may be new already; try again.',
    ko: '{name}을(를) 쓰지 못했습니다({reason}). 목록에서 그 앞의 이름은 이미 바뀌었을 수 있습니다. 다시 시도해 주십시오.',
  },
  'security.restart': {
    en: 'What runs still goes by the old ones, and commands that ask the agent are refused. Take the new ones into use: {command}',
    ko: '실행 중인 프로세스는 아직 이전 토큰을 쓰므로 에이전트에 묻는 명령이 거절됩니다. 새 토큰을 적용해 주십시오: {command}',
  },
} as const satisfies Messages
