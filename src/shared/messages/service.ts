import type { Messages } from './message.ts'

/** Texts of the service under systemd, and of the rescue that it starts through. */
export const serviceMessages = {
  'cli.service': {
    en: 'keep Ottugi running across logout, reboot and power cut',
    ko: '로그아웃, 재부팅, 정전 뒤에도 오뚝이가 계속 돌게 합니다',
  },
  'cli.serviceInstall': { en: 'install the service and start it', ko: '서비스를 설치하고 시작합니다' },
  'cli.serviceUninstall': { en: 'remove exactly what install made', ko: '설치한 것만 정확히 제거합니다' },
  'cli.serviceStatus': { en: 'how the service is', ko: '서비스 상태를 보여 줍니다' },
  'cli.serviceLogs': { en: "the service manager's journal of it", ko: '서비스 관리자의 기록을 보여 줍니다' },
  'cli.serviceSystem': {
    en: 'a service of the machine with a user of its own (needs root) instead of one of your user',
    ko: '사용자 서비스 대신 전용 사용자로 도는 시스템 서비스로 합니다(root 필요)',
  },
  'cli.serviceName': { en: 'name of the service (default: ottugi)', ko: '서비스 이름(기본값: ottugi)' },
  'cli.serviceRunAs': {
    en: 'user of a system service; made if it is missing (default: ottugi)',
    ko: '시스템 서비스의 사용자. 없으면 만듭니다(기본값: ottugi)',
  },
  'cli.serviceNoTools': {
    en: 'no tool may start a program: the system service is closed further',
    ko: '어떤 도구도 프로그램을 시작하지 못하게 하고, 시스템 서비스를 더 좁게 제한합니다',
  },
  'cli.serviceForce': {
    en: 'replace a unit that was edited by hand or belongs to another home',
    ko: '직접 고쳤거나 다른 홈에 속한 유닛도 바꿉니다',
  },
  'cli.serviceDryRun': { en: 'print everything and change nothing', ko: '모두 출력만 하고 아무것도 바꾸지 않습니다' },
  'cli.serviceNoStart': { en: 'install without starting', ko: '시작하지 않고 설치만 합니다' },
  'cli.serviceLines': { en: 'how many lines', ko: '줄 수' },
  'cli.serviceFollow': { en: 'go on printing', ko: '계속 이어서 출력합니다' },

  'service.noSystemd': {
    en: 'systemd does not run this machine (no /run/systemd/system), so there is nothing to install into. In a container or WSL without systemd use: {command}',
    ko: '이 컴퓨터는 systemd로 돌지 않아(/run/systemd/system 없음) 설치할 곳이 없습니다. systemd가 없는 컨테이너나 WSL에서는 다음을 쓰십시오: {command}',
  },
  'service.noBus': {
    en: 'systemd does not know a session of {user} (nothing listens in {folder}). Sign in as {user} (over SSH, not with su or sudo), or run: sudo loginctl enable-linger {user}; then try again.',
    ko: 'systemd에 {user}의 세션이 없습니다({folder}에 응답하는 것이 없음). su나 sudo가 아니라 SSH 등으로 {user}(으)로 로그인하거나 sudo loginctl enable-linger {user} 를 실행한 뒤 다시 시도해 주십시오.',
  },
  'service.notRoot': {
    en: 'A system service needs root: sudo {command}',
    ko: '시스템 서비스에는 root 권한이 필요합니다: sudo {command}',
  },
  'service.rootUser': {
    en: 'As root, install a service of the machine, which runs as a user of its own: {command}. (A service of root itself is not made.)',
    ko: 'root로는 전용 사용자로 도는 시스템 서비스를 설치해 주십시오: {command} (root 자신의 서비스는 만들지 않습니다.)',
  },
  'service.networkHome': {
    en: 'The home {home} lies on a network file system ({kind}). Databases, locks and sockets need a local disk: choose another home with --home.',
    ko: '홈 {home}이(가) 네트워크 파일 시스템({kind})에 있습니다. 데이터베이스, 잠금, 소켓에는 로컬 디스크가 필요합니다. --home으로 다른 홈을 정해 주십시오.',
  },
  'service.badName': {
    en: 'The name {name} cannot be a service. Expected letters, digits, - and _, at most 40.',
    ko: '{name}은(는) 서비스 이름이 될 수 없습니다. 영문자, 숫자, -, _로 40자까지 됩니다.',
  },
  'service.badUser': {
    en: 'A service cannot run as {user}. Expected the name of an ordinary user: letters, digits, -, _ and ., at most 32, and never root.',
    ko: '서비스는 사용자 {user}(으)로 돌 수 없습니다. 영문자, 숫자, -, _, .로 32자까지인 일반 사용자 이름이어야 하며 root는 안 됩니다.',
  },
  'service.badPath': {
    en: 'The path {path} holds a line break or a control character; no unit can name it.',
    ko: '경로 {path}에 줄바꿈이나 제어 문자가 있어 유닛에 적을 수 없습니다.',
  },
  'service.programClosed': {
    en: 'The user {user} cannot read the program in {root} ({reason}). Install it where everybody may read, such as /opt/ottugi, or name another user with --run-as.',
    ko: '사용자 {user}이(가) {root}의 프로그램을 읽을 수 없습니다({reason}). /opt/ottugi처럼 누구나 읽을 수 있는 곳에 설치하거나 --run-as로 다른 사용자를 정해 주십시오.',
  },
  'service.homeOfOther': {
    en: 'The home {home} belongs to user {owner}, expected {user}. Name its owner with --run-as, or another home with --home.',
    ko: '홈 {home}의 소유자는 사용자 {owner}인데 {user}이어야 합니다. --run-as로 소유자를 정하거나 --home으로 다른 홈을 정해 주십시오.',
  },
  'service.edited': {
    en: '{path} was edited by hand and is left as it is. Install would change it like this; --force does:',
    ko: '{path}을(를) 직접 고치셨으므로 그대로 둡니다. 설치하면 다음과 같이 바뀌며, 바꾸려면 --force를 쓰십시오:',
  },
  'service.foreign': {
    en: '{path} was not made by Ottugi and is left as it is. Choose another --name, or replace it with --force:',
    ko: '{path}은(는) 오뚝이가 만든 것이 아니므로 그대로 둡니다. 다른 --name을 쓰거나 --force로 바꾸십시오:',
  },
  'service.otherHome': {
    en: '{path} serves another home: {home}. If that home was moved to this one, use --force; for two at a time choose another --name.',
    ko: '{path}은(는) 다른 홈({home})의 서비스입니다. 그 홈을 이곳으로 옮기셨다면 --force를, 둘을 함께 쓰려면 다른 --name을 쓰십시오.',
  },
  'service.alreadyServed': {
    en: 'The home {home} has a service already: {path}. Two of them would end each other. Remove that one first: {command}',
    ko: '홈 {home}에는 이미 서비스가 있습니다: {path}. 둘이 함께 있으면 서로를 끝내게 됩니다. 먼저 그 서비스를 제거해 주십시오: {command}',
  },
  'service.noNpm': {
    en: 'Note: no npm was found for the service ({path}). It starts, but damaged packages cannot be put back by themselves. Install npm 11 or newer in /usr/bin or /usr/local/bin, then install the service again.',
    ko: '참고: 서비스가 쓸 npm을 찾지 못했습니다({path}). 시작은 되지만 손상된 패키지를 스스로 되돌릴 수 없습니다. npm 11 이상을 /usr/bin이나 /usr/local/bin에 설치한 뒤 서비스를 다시 설치해 주십시오.',
  },
  'service.stepUser': { en: 'make the system user {user}', ko: '시스템 사용자 {user} 만들기' },
  'service.stepHome': { en: 'make the home {home}', ko: '홈 {home} 만들기' },
  'service.stepRescue': {
    en: 'put a copy of Node and the rescue into {folder}',
    ko: 'Node 사본과 복구 프로그램을 {folder}에 넣기',
  },
  'service.stepCreate': { en: 'write {path}', ko: '{path} 쓰기' },
  'service.stepUpdate': { en: 'renew {path}', ko: '{path} 갱신' },
  'service.stepSame': { en: 'as it should be: {path}', ko: '이미 올바름: {path}' },
  'service.stepRemove': { en: 'remove {path}', ko: '{path} 제거' },
  'service.stepRun': { en: 'run: {command}', ko: '실행: {command}' },
  'service.stepLinger': {
    en: 'run: {command}   (so that the service outlives your logout and starts at boot)',
    ko: '실행: {command}   (로그아웃 뒤에도 서비스가 돌고 부팅할 때 시작되도록)',
  },
  'service.lingerByHand': {
    en: 'One thing is left to you: without it the service ends when you log out, and does not start at boot. Run: sudo {command}',
    ko: '직접 하실 일이 하나 남았습니다. 이것이 없으면 로그아웃할 때 서비스가 끝나고 부팅할 때 시작되지 않습니다. 실행: sudo {command}',
  },
  'service.stepFailed': { en: 'This did not work: {reason}', ko: '실패했습니다: {reason}' },
  'service.dryRun': {
    en: 'Nothing was changed. Install would:',
    ko: '아무것도 바꾸지 않았습니다. 설치하면 다음을 합니다:',
  },
  'service.dryRunRemove': {
    en: 'Nothing was changed. Uninstall would:',
    ko: '아무것도 바꾸지 않았습니다. 제거하면 다음을 합니다:',
  },
  'service.installed': {
    en: 'The service {unit} is installed; Ottugi is up.',
    ko: '서비스 {unit}을(를) 설치했고 오뚝이가 일어났습니다.',
  },
  'service.installedOnly': {
    en: 'The service {unit} is installed. Start it: {command}',
    ko: '서비스 {unit}을(를) 설치했습니다. 시작: {command}',
  },
  'service.notUp': {
    en: 'The service {unit} is installed, but not all of it was ready after {seconds} s. Look: {command}',
    ko: '서비스 {unit}을(를) 설치했지만 {seconds}초 안에 모두 준비되지 않았습니다. 확인: {command}',
  },
  'service.exposure': {
    en: 'Exposure by systemd-analyze security: {score} (0 is closed, 10 is open).',
    ko: 'systemd-analyze security 노출 점수: {score} (0은 닫힘, 10은 열림).',
  },
  'service.none': {
    en: 'No service of this home is installed. Install it: {command}',
    ko: '이 홈의 서비스가 설치되어 있지 않습니다. 설치: {command}',
  },
  'service.ofOther': {
    en: 'There is one for the home {home}: {path}. Name that home with --home.',
    ko: '홈 {home}의 서비스가 있습니다: {path}. --home으로 그 홈을 지정해 주십시오.',
  },
  'service.removed': {
    en: 'The service {unit} is removed. The home {home} stays; start by hand: {command}',
    ko: '서비스 {unit}을(를) 제거했습니다. 홈 {home}은(는) 그대로 있습니다. 직접 시작: {command}',
  },
  'service.homeGone': {
    en: 'The unit {path} serves {home}, which is not there any more: it was moved or removed. Install the service again from where it is now, with --force.',
    ko: '유닛 {path}의 홈 {home}이(가) 더 이상 없습니다. 옮기셨거나 지우셨습니다. 지금 있는 곳에서 --force로 서비스를 다시 설치해 주십시오.',
  },
  'service.labelUnit': { en: 'unit', ko: '유닛' },
  'service.labelState': { en: 'state', ko: '상태' },
  'service.labelBoot': { en: 'at boot', ko: '부팅 시' },
  'service.labelRestarts': { en: 'restarts of the tree', ko: '전체 재시작' },
  'service.labelLinger': { en: 'outlives logout', ko: '로그아웃 뒤에도 유지' },
  'service.labelExposure': { en: 'exposure', ko: '노출 점수' },
  'service.yes': { en: 'yes', ko: '예' },
  'service.no': { en: 'no', ko: '아니요' },
  'service.wasEdited': { en: '(edited by hand)', ko: '(직접 고침)' },
  'service.systemStart': {
    en: 'A system service keeps this home. Start it with: sudo systemctl start {unit}',
    ko: '이 홈은 시스템 서비스가 돌립니다. 시작: sudo systemctl start {unit}',
  },

  'rescue.packages': {
    en: 'The packages of the program could not be put back. It is tried again by itself. By hand: {command}',
    ko: '프로그램 패키지를 되돌리지 못했습니다. 스스로 다시 시도합니다. 직접 하시려면: {command}',
  },
  'rescue.program': {
    en: 'The folder of the program is not there any more: {folder}. Put it back, or install the service anew (service install --force) with the program from where it is now.',
    ko: '프로그램 폴더 {folder}이(가) 더 이상 없습니다. 제자리에 되돌리시거나, 지금 있는 곳의 프로그램으로 서비스를 다시 설치해 주십시오(service install --force).',
  },
  'rescue.ends': {
    en: 'The service ends again and again soon after its start. Look at its journal: {command}',
    ko: '서비스가 시작하자마자 계속 끝납니다. 기록을 확인해 주십시오: {command}',
  },
  'rescue.gaveUp': {
    en: 'systemd gave up on the service. Look at its journal, then start it again: {command}',
    ko: 'systemd가 서비스를 포기했습니다. 기록을 확인한 뒤 다시 시작해 주십시오: {command}',
  },
} as const satisfies Messages
