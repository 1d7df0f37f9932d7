import type { Messages } from './message.ts'

/** Texts of the service under launchd. */
export const launchdMessages = {
  'launchd.rootAgent': {
    en: 'As root, install a service of the Mac, which runs as a user that you name: {command} --run-as USER',
    ko: 'root로는 지정한 사용자로 도는 시스템 서비스를 설치해 주십시오: {command} --run-as 사용자',
  },
  'launchd.whichUser': {
    en: 'Which user shall the service run as? Never root. Name one: sudo {command} --run-as USER',
    ko: '서비스를 어느 사용자로 실행할지 정해 주십시오. root는 안 됩니다: sudo {command} --run-as 사용자',
  },
  'launchd.noUser': {
    en: 'There is no user {user} on this Mac.',
    ko: '이 Mac에 사용자 {user}이(가) 없습니다.',
  },
  'launchd.noHome': {
    en: 'The home {home} is not there. Start Ottugi once as {user}, so that it is made and belongs to that user; then install the service.',
    ko: '홈 {home}이(가) 없습니다. 먼저 {user}(으)로 오뚝이를 한 번 시작해 그 사용자의 홈을 만든 뒤 서비스를 설치해 주십시오.',
  },
  'launchd.loadedAlready': {
    en: 'launchd has loaded it already.',
    ko: 'launchd가 이미 읽어 들인 서비스입니다.',
  },
  'launchd.notLoaded': {
    en: 'launchd had not loaded it.',
    ko: 'launchd가 읽어 들인 적이 없는 서비스입니다.',
  },
  'launchd.noLogin': {
    en: 'A service of a user needs that user to be signed in at the screen of this Mac. On a Mac without a screen install a service of the Mac instead: sudo {command}',
    ko: '사용자 서비스는 그 사용자가 이 Mac의 화면에서 로그인해 있어야 합니다. 화면이 없는 Mac에서는 시스템 서비스로 설치해 주십시오: sudo {command}',
  },
  'launchd.look': {
    en: 'What launchd says of it: sudo launchctl print system',
    ko: 'launchd가 알려 주는 내용: sudo launchctl print system',
  },
  'launchd.installedOnly': {
    en: 'The service {unit} is installed. It starts at the next boot or login, or with: {command}',
    ko: '서비스 {unit}을(를) 설치했습니다. 다음 부팅이나 로그인 때, 또는 다음 명령으로 시작합니다: {command}',
  },
  'launchd.log': {
    en: 'launchd keeps no journal. What it was told stands in {file}; what Ottugi did: {command}',
    ko: 'launchd에는 기록이 없습니다. 서비스의 출력은 {file}에 있고, 오뚝이가 한 일은 다음 명령으로 보실 수 있습니다: {command}',
  },
  'launchd.labelLog': { en: 'output', ko: '출력' },
} as const satisfies Messages
