import type { Messages } from './message.ts'

/** What the doctor and the security audit find beside the guardian, and the words of both commands. */
export const doctorMessages = {
  'doctor.optFix': {
    en: 'mend what is safe to mend at any time, and say what was done',
    ko: '언제 고쳐도 안전한 것을 고치고, 한 일을 알려 줍니다',
  },
  'doctor.optOnline': {
    en: 'also ask whether the provider of the model answers',
    ko: '모델 제공자가 응답하는지도 확인합니다',
  },
  'doctor.why': { en: 'why it matters: {why}', ko: '중요한 이유: {why}' },
  'doctor.fixed': { en: 'mended with {action}: {note}', ko: '{action}(으)로 고쳤습니다: {note}' },
  'doctor.notFixed': { en: 'not mended with {action}: {note}', ko: '{action}(으)로 고치지 못했습니다: {note}' },
  'doctor.stillThere': { en: 'it was done, and it is still so: {what}', ko: '실행했지만 그대로입니다: {what}' },
  'doctor.fixable': { en: '{command} ({action})', ko: '{command} ({action})' },
  'doctor.atStart': {
    en: 'nothing: the guardian mends it before the next start ({action})',
    ko: '하실 일이 없습니다. 다음 시작 전에 가디언이 고칩니다({action})',
  },

  'doctor.processOwner': {
    en: 'The {app} (process {pid}) runs as user {owner}, and you are user {uid}.',
    ko: '{app}(프로세스 {pid})이(가) 사용자 {owner}(으)로 실행 중인데, 지금 사용자는 {uid}입니다.',
  },
  'doctor.processOwner.human': {
    en: 'Stop it as user {owner}, and always start Ottugi as one and the same user.',
    ko: '사용자 {owner}(으)로 멈추시고, 오뚝이는 항상 같은 사용자로 시작해 주십시오.',
  },
  'doctor.twoSupervisors': {
    en: 'Our processes have different supervisors (processes {pids}).',
    ko: '오뚝이 프로세스들의 감독 프로세스가 서로 다릅니다(프로세스 {pids}).',
  },
  'doctor.twoSupervisors.human': {
    en: 'If it is still so in a minute, stop and start: stop ends both.',
    ko: '1분 뒤에도 그대로라면 멈췄다가 다시 시작해 주십시오. 멈추면 둘 다 끝납니다.',
  },
  'doctor.nodePath': {
    en: '{path} lies in a folder that {manager} names by a version.',
    ko: '{path}은(는) {manager}이(가) 버전 이름으로 관리하는 폴더에 있습니다.',
  },
  'doctor.nodePath.human': {
    en: 'Install Ottugi with the Node of your system (npm install --global), or into a folder of its own, then install the service again.',
    ko: '시스템의 Node로(npm install --global) 또는 별도 폴더에 오뚝이를 설치한 뒤 서비스를 다시 설치해 주십시오.',
  },
  'doctor.tokenWeak': { en: 'The token {names} is short or a pattern.', ko: '토큰 {names}이(가) 짧거나 단순합니다.' },
  'doctor.tokenShared': {
    en: 'The tokens {names} have the same value.',
    ko: '토큰 {names}의 값이 같습니다.',
  },
  'doctor.token.human': { en: 'Make new ones: {command}', ko: '새로 만들어 주십시오: {command}' },
  'doctor.portExposed': {
    en: 'The {app} listens on {host}:{port}: other machines reach it, and what is sent is not encrypted.',
    ko: '{app}이(가) {host}:{port}에서 수신합니다. 다른 컴퓨터가 접근할 수 있고 통신은 암호화되지 않습니다.',
  },
  'doctor.portExposed.human': {
    en: 'Let it listen on this machine only ({command}) and reach it through Tailscale, an SSH tunnel, or a reverse proxy with https.',
    ko: '이 컴퓨터에서만 수신하게 하고({command}) Tailscale, SSH 터널, https 리버스 프록시로 접속해 주십시오.',
  },
  'doctor.plainHttp': {
    en: 'dashboard.publicUrl is {url}: tokens and cookies travel unencrypted.',
    ko: 'dashboard.publicUrl이 {url}입니다. 토큰과 쿠키가 암호화되지 않은 채 오갑니다.',
  },
  'doctor.plainHttp.human': {
    en: 'Give the reverse proxy a certificate, and name the https address.',
    ko: '리버스 프록시에 인증서를 설치하고 https 주소를 지정해 주십시오.',
  },
  'doctor.secretInSettings': {
    en: 'Line {line} of {file} holds a secret ({kind}).',
    ko: '{file}의 {line}번째 줄에 비밀 값({kind})이 있습니다.',
  },
  'doctor.secretInSettings.human': {
    en: 'Change the secret where it comes from, put the new one into .env (config secret set), and take it out of {file}.',
    ko: '발급처에서 비밀 값을 바꾸고, 새 값은 .env에 넣은 뒤(config secret set) {file}에서 지워 주십시오.',
  },
  'doctor.secretInHistory': {
    en: 'Line {line} of {file} holds a secret ({kind}).',
    ko: '{file}의 {line}번째 줄에 비밀 값({kind})이 있습니다.',
  },
  'doctor.secretInHistory.human': {
    en: 'Delete that line of {file}, and change the secret where it comes from.',
    ko: '{file}에서 그 줄을 지우고, 발급처에서 비밀 값을 바꿔 주십시오.',
  },
  'doctor.gatesAll': {
    en: 'gates.mode is all: tools do everything without a question.',
    ko: 'gates.mode가 all이라 도구가 무엇이든 묻지 않고 합니다.',
  },
  'doctor.gatesAll.human': { en: 'Have it ask: {command}', ko: '묻게 하십시오: {command}' },
  'doctor.gateWide': {
    en: 'Rule {number} of gates.rules allows every call of {tool}.',
    ko: 'gates.rules의 {number}번 규칙이 {tool}의 모든 호출을 허용합니다.',
  },
  'doctor.gateHosts': {
    en: 'gates.hosts allows a whole top-level domain: {hosts}.',
    ko: 'gates.hosts가 최상위 도메인 전체를 허용합니다: {hosts}.',
  },
  'doctor.gateWide.human': {
    en: 'Name what you mean more narrowly: {command}',
    ko: '허용할 것을 더 좁게 적어 주십시오: {command}',
  },
  'doctor.alwaysDamaged': {
    en: 'The list of what is always allowed was edited, damaged, or is open to others; what is not believed is asked again.',
    ko: '항상 허용하는 목록이 수정되거나 손상되었거나 다른 사용자에게 열려 있습니다. 믿을 수 없는 항목은 다시 묻습니다.',
  },
  'doctor.alwaysDamaged.human': { en: 'See what is left: {command}', ko: '남은 것을 확인해 주십시오: {command}' },
  'doctor.backupNone': {
    en: 'There is no backup of the database, and it is {hours} h old.',
    ko: '데이터베이스 백업이 없습니다. 데이터베이스는 {hours}시간 전에 만들어졌습니다.',
  },
  'doctor.backupStale': {
    en: 'The newest backup ({name}) is {hours} h behind the database.',
    ko: '가장 새로운 백업({name})이 데이터베이스보다 {hours}시간 뒤처져 있습니다.',
  },
  'doctor.backup.human': {
    en: 'The agent says why it takes none: {command}',
    ko: '에이전트가 백업하지 못하는 이유를 확인해 주십시오: {command}',
  },
  'doctor.clockUnsynced': {
    en: 'Nobody keeps the clock of this machine right.',
    ko: '이 컴퓨터의 시계를 맞춰 주는 서비스가 없습니다.',
  },
  'doctor.clockUnsynced.human': {
    en: 'Switch it on: sudo timedatectl set-ntp true',
    ko: '켜 주십시오: sudo timedatectl set-ntp true',
  },
  'doctor.unitOrphaned': {
    en: 'The service {path} is for {home}, which is not there any more.',
    ko: '서비스 {path}의 홈 {home}이(가) 더는 없습니다.',
  },
  'doctor.unitOrphaned.human': {
    en: 'If the home was not only moved, remove the service: {command}',
    ko: '홈을 옮긴 것이 아니라면 서비스를 지워 주십시오: {command}',
  },
  'doctor.unitTwice': {
    en: 'Two services start this home: {units}.',
    ko: '두 서비스가 이 홈을 시작합니다: {units}.',
  },
  'doctor.unitTwice.human': { en: 'Remove one of them: {command}', ko: '하나를 지워 주십시오: {command}' },
  'doctor.unitProgramGone': {
    en: 'The service {path} cannot start: {file} is missing.',
    ko: '{file}이(가) 없어 서비스 {path}을(를) 시작할 수 없습니다.',
  },
  'doctor.unitAgain.human': { en: 'Install it again: {command}', ko: '다시 설치해 주십시오: {command}' },
  'doctor.unitEdited': {
    en: 'The service {path} was edited by hand: the next install leaves it as it is.',
    ko: '서비스 {path}을(를) 직접 고치셨습니다. 다음 설치 때 그대로 둡니다.',
  },
  'doctor.unitEdited.human': {
    en: 'Nothing, if you meant it; else put ours back: {command}',
    ko: '의도하신 것이면 그대로 두시고, 아니면 되돌려 주십시오: {command}',
  },
  'doctor.noLinger': {
    en: 'The services of {user} end with the last logout: lingering is off.',
    ko: '{user}의 서비스는 마지막 로그아웃과 함께 끝납니다(linger 꺼짐).',
  },
  'doctor.noLinger.human': { en: 'Switch it on: {command}', ko: '켜 주십시오: {command}' },
  'doctor.noKey': { en: 'There is no key of the model in .env ({name}).', ko: '.env에 모델의 키({name})가 없습니다.' },
  'doctor.noKey.human': { en: 'Put it there: {command}', ko: '넣어 주십시오: {command}' },
  'doctor.providerThere': { en: '{baseUrl} answers.', ko: '{baseUrl}이(가) 응답합니다.' },
  'doctor.providerSilent': {
    en: '{baseUrl} does not answer ({reason}).',
    ko: '{baseUrl}이(가) 응답하지 않습니다({reason}).',
  },
  'doctor.providerSilent.human': {
    en: 'Check the network of this machine, its name server and its proxy; else wait: work is taken up again by itself.',
    ko: '이 컴퓨터의 네트워크, 네임 서버, 프록시를 확인해 주십시오. 문제가 없다면 기다리시면 됩니다. 작업은 스스로 이어집니다.',
  },
} as const satisfies Messages
