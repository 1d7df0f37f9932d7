import type { Messages } from './message.ts'

/** Why a fault that the doctor names matters: `doctor.why.<fault>`. */
export const doctorWhyMessages = {
  'doctor.why.folder-missing': {
    en: 'what belongs there cannot be written',
    ko: '그곳에 둘 것을 기록할 수 없습니다',
  },
  'doctor.why.wrong-mode': {
    en: 'others on this machine could read or change it, or we cannot',
    ko: '이 컴퓨터의 다른 사용자가 읽거나 바꿀 수 있거나, 오뚝이가 쓰지 못합니다',
  },
  'doctor.why.wrong-owner': {
    en: 'whoever owns it decides what stands in it, and we may be shut out',
    ko: '소유자가 내용을 바꿀 수 있고 오뚝이는 쓰지 못할 수 있습니다',
  },
  'doctor.why.wrong-kind': {
    en: 'a link or another kind of file could lead what we write elsewhere',
    ko: '링크나 다른 종류의 파일이면 기록이 엉뚱한 곳으로 갈 수 있습니다',
  },
  'doctor.why.stale-lock': {
    en: 'it stops nobody here, but tells of a process that did not end in order',
    ko: '막지는 않지만, 정상으로 끝나지 못한 프로세스가 있었다는 뜻입니다',
  },
  'doctor.why.own-orphan': {
    en: 'it may hold a port or a lock that its successor needs',
    ko: '새 프로세스에 필요한 포트나 잠금을 쥐고 있을 수 있습니다',
  },
  'doctor.why.process-of-other-user': {
    en: 'it cannot be ended from here, and what it writes shuts us out',
    ko: '여기서 끝낼 수 없고, 그 프로세스가 쓴 파일을 오뚝이가 쓰지 못합니다',
  },
  'doctor.why.two-supervisors': {
    en: 'each of them starts what the other one ends',
    ko: '하나가 끝낸 것을 다른 하나가 다시 시작합니다',
  },
  'doctor.why.dependencies': {
    en: 'parts of the program are missing, and it may not start again',
    ko: '프로그램 일부가 없어 다시 시작하지 못할 수 있습니다',
  },
  'doctor.why.node-version': {
    en: 'packages with compiled parts crash on another major version of Node',
    ko: '컴파일된 패키지는 다른 주 버전의 Node에서 비정상 종료합니다',
  },
  'doctor.why.node-path-versioned': {
    en: 'an upgrade of Node removes it, and the service finds nothing to start at the next boot',
    ko: 'Node를 올리면 지워져, 다음 부팅 때 서비스가 시작할 것을 찾지 못합니다',
  },
  'doctor.why.clock-behind': {
    en: 'certificates count as not valid yet, and the schedule runs at the wrong time',
    ko: '인증서가 아직 유효하지 않은 것으로 보이고 예약 작업이 엉뚱한 시각에 실행됩니다',
  },
  'doctor.why.clock-unsynced': {
    en: 'a clock that drifts makes certificates fail and the schedule late',
    ko: '시계가 어긋나면 인증서 확인이 실패하고 예약 작업이 늦어집니다',
  },
  'doctor.why.command-missing': {
    en: 'you required it, so the agent does not start without it',
    ko: '필요하다고 지정하셨으므로 없으면 에이전트가 시작하지 않습니다',
  },
  'doctor.why.database-corrupt': {
    en: 'what is damaged there is lost where it is not put back from a backup',
    ko: '백업에서 되돌리지 않으면 손상된 내용을 잃습니다',
  },
  'doctor.why.database-closed': {
    en: 'the agent cannot work without its journal',
    ko: '에이전트는 저널 없이 일할 수 없습니다',
  },
  'doctor.why.database-behind': {
    en: 'something that was already acknowledged is missing in it',
    ko: '이미 처리했다고 알린 내용이 빠져 있습니다',
  },
  'doctor.why.disk-full': { en: 'nothing can be written any more', ko: '더는 아무것도 기록할 수 없습니다' },
  'doctor.why.disk-low': { en: 'soon nothing can be written any more', ko: '곧 아무것도 기록할 수 없게 됩니다' },
  'doctor.why.reserve-missing': {
    en: 'on a full disk there would be no room left to write down a repair',
    ko: '디스크가 가득 차면 수리 기록을 남길 공간이 없습니다',
  },
  'doctor.why.leftovers': { en: 'they only take room', ko: '공간만 차지합니다' },
  'doctor.why.journal-broken': {
    en: 'somebody edited the record of repairs, or the disk damaged it',
    ko: '누군가 수리 기록을 고쳤거나 디스크가 손상했습니다',
  },
  'doctor.why.port-taken': {
    en: 'we take the next free port, and links of yours may lead nowhere',
    ko: '다음 빈 포트를 쓰므로, 저장해 둔 주소가 열리지 않을 수 있습니다',
  },
  'doctor.why.settings-invalid': {
    en: 'the next start goes with the last known good settings, or in safe mode',
    ko: '다음 시작은 마지막으로 정상이던 설정이나 안전 모드로 이루어집니다',
  },
  'doctor.why.bind-without-token': {
    en: 'anybody who reaches the port could have the agent work for them',
    ko: '포트에 접근하는 누구나 에이전트를 부릴 수 있습니다',
  },
  'doctor.why.port-exposed': {
    en: 'whoever listens on the way reads the token, and can do everything that you can',
    ko: '중간에서 엿보는 사람이 토큰을 읽으면 나와 똑같이 할 수 있습니다',
  },
  'doctor.why.plain-http': {
    en: 'whoever listens on the way can sign in as you',
    ko: '중간에서 엿보는 사람이 나로 로그인할 수 있습니다',
  },
  'doctor.why.token-weak': { en: 'it could be guessed', ko: '추측당할 수 있습니다' },
  'doctor.why.token-shared': {
    en: 'whoever was given the smaller right has the greater one too',
    ko: '작은 권한을 받은 사람이 큰 권한까지 갖습니다',
  },
  'doctor.why.secret-in-settings': {
    en: 'settings are shown, compared and copied; secrets are kept back only in .env',
    ko: '설정은 보이고 비교되고 복사됩니다. 비밀 값은 .env에 있을 때만 가려집니다',
  },
  'doctor.why.secret-in-history': {
    en: 'histories are copied, backed up and read by many programs',
    ko: '셸 기록은 복사되고 백업되며 여러 프로그램이 읽습니다',
  },
  'doctor.why.gates-all': {
    en: 'a text that the agent reads could lead it to something that you would have refused',
    ko: '에이전트가 읽은 글이, 거절하셨을 일을 하게 만들 수 있습니다',
  },
  'doctor.why.gate-rule-wide': {
    en: 'nobody is asked about what such a tool does',
    ko: '그 도구가 하는 일을 아무에게도 묻지 않습니다',
  },
  'doctor.why.gate-hosts-wide': {
    en: 'anybody can register a name there, and send what a tool reads',
    ko: '누구나 그 도메인에 이름을 등록해 도구가 읽을 내용을 보낼 수 있습니다',
  },
  'doctor.why.always-damaged': {
    en: 'somebody else may have tried to allow something',
    ko: '다른 누군가가 무언가를 허용하려 했을 수 있습니다',
  },
  'doctor.why.sandbox-none': {
    en: 'tools that start programs are off',
    ko: '프로그램을 시작하는 도구가 꺼져 있습니다',
  },
  'doctor.why.sandbox-strict': {
    en: 'tools are held less tightly than they could be',
    ko: '도구를 더 단단히 가둘 수 있는데 그러지 못하고 있습니다',
  },
  'doctor.why.sandbox-folder': {
    en: 'tools do not see a folder that you meant them to see',
    ko: '도구에 보여 주려 하신 폴더가 보이지 않습니다',
  },
  'doctor.why.backup-none': {
    en: 'after a damage there would be nothing to go back to',
    ko: '손상되면 되돌릴 것이 없습니다',
  },
  'doctor.why.backup-stale': {
    en: 'after a damage everything since then would be lost',
    ko: '손상되면 그 뒤의 내용을 모두 잃습니다',
  },
  'doctor.why.unit-orphaned': {
    en: 'systemd tries it again and again, for nothing',
    ko: 'systemd가 헛되이 계속 시도합니다',
  },
  'doctor.why.unit-twice': {
    en: 'each of them starts what the other one ends',
    ko: '하나가 끝낸 것을 다른 하나가 다시 시작합니다',
  },
  'doctor.why.unit-program-gone': {
    en: 'after the next boot nothing runs',
    ko: '다음 부팅 뒤에는 아무것도 실행되지 않습니다',
  },
  'doctor.why.unit-edited': {
    en: 'what newer versions need may be missing in it',
    ko: '새 버전에 필요한 내용이 빠질 수 있습니다',
  },
  'doctor.why.no-linger': {
    en: 'nothing runs while nobody is logged in',
    ko: '로그인한 사람이 없으면 아무것도 실행되지 않습니다',
  },
  'doctor.why.model-no-key': { en: 'no question can be asked', ko: '모델에 물을 수 없습니다' },
  'doctor.why.provider-unreachable': { en: 'no question can be asked now', ko: '지금은 모델에 물을 수 없습니다' },
} as const satisfies Messages
