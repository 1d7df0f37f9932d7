import type { Messages } from './message.ts'

/** What the guardian found, and what a person should do where it cannot mend it. */
export const guardianMessages = {
  'guardian.folderMissing': { en: 'The folder {folder} is missing.', ko: '{folder} 폴더가 없습니다.' },
  'guardian.wrongMode': {
    en: '{file} has mode {mode}: it is open to others, or closed to us.',
    ko: '{file}의 권한이 {mode}입니다. 다른 사용자에게 열려 있거나 오뚝이가 읽고 쓸 수 없습니다.',
  },
  'guardian.wrongOwner': { en: '{file} belongs to another user.', ko: '{file}의 소유자가 다른 사용자입니다.' },
  'guardian.wrongOwner.human': {
    en: 'Give it back to the user that runs Ottugi: sudo chown {uid} {path}',
    ko: '오뚝이를 실행하는 사용자에게 소유권을 돌려주십시오: sudo chown {uid} {path}',
  },
  'guardian.wrongKind': {
    en: '{file} is not a plain file or folder of its own.',
    ko: '{file}이(가) 일반 파일이나 폴더가 아닙니다.',
  },
  'guardian.wrongKind.human': {
    en: 'Look at what lies there and put the real file in its place: ls -ld {path}',
    ko: '그 자리에 무엇이 있는지 확인하고 실제 파일로 바꾸십시오: ls -ld {path}',
  },
  'guardian.staleLock': {
    en: 'A dead process left the lock {lock} behind.',
    ko: '종료된 프로세스가 {lock} 잠금을 남겼습니다.',
  },
  'guardian.orphan': {
    en: 'An earlier {app} (process {pid}) still lives and does not answer.',
    ko: '이전 {app}(프로세스 {pid})이(가) 아직 살아 있으나 응답하지 않습니다.',
  },
  'guardian.alreadyRunning': {
    en: 'The agent runs already (process {pid}). To start it anew: {command}',
    ko: '에이전트가 이미 실행 중입니다(프로세스 {pid}). 다시 시작하려면: {command}',
  },
  'guardian.held': {
    en: 'The agent failed again and again, and restarting it only did more harm: its starts are held until {until}, or until ottugi.yaml, .env or the packages change. To start it now: {command}',
    ko: '에이전트가 거듭 실패하고 재시작이 문제를 키우고 있어 {until}까지, 또는 ottugi.yaml, .env나 패키지가 바뀔 때까지 시작을 보류합니다. 지금 시작하려면: {command}',
  },
  'guardian.repairOpen': { en: 'Another repair is under way.', ko: '다른 수리가 진행 중입니다.' },
  'guardian.portTaken': {
    en: 'port {port} is taken by {owner}; using {fallback}',
    ko: '{port}번 포트를 {owner}이(가) 쓰고 있어 {fallback}번을 사용합니다',
  },
  'guardian.portTakenBy': {
    en: 'Port {port} is taken by {owner}.',
    ko: '{port}번 포트를 {owner}이(가) 쓰고 있습니다.',
  },
  'guardian.portRefused': {
    en: 'Port {port} cannot be used here ({code}).',
    ko: '{port}번 포트를 사용할 수 없습니다({code}).',
  },
  'guardian.port.human': {
    en: 'Free the port, or choose another one, for example: {command}',
    ko: '포트를 비우거나 다른 포트를 지정하십시오. 예: {command}',
  },
  'guardian.hostMissing': {
    en: '{host} is no address of this machine: listening on 127.0.0.1 only.',
    ko: '{host}은(는) 이 컴퓨터의 주소가 아니므로 127.0.0.1에서만 수신합니다.',
  },
  'guardian.bindWithoutToken': {
    en: '{problem} Until then Ottugi listens on 127.0.0.1 only.',
    ko: '{problem} 그때까지 127.0.0.1에서만 수신합니다.',
  },
  'guardian.diskLow': {
    en: 'The disk is low: {freeMb} MiB and {inodes} inodes are free.',
    ko: '디스크 공간이 부족합니다. 남은 공간 {freeMb}MiB, 남은 inode {inodes}개입니다.',
  },
  'guardian.diskFull': {
    en: 'The disk is full: {freeMb} MiB and {inodes} inodes are free.',
    ko: '디스크가 가득 찼습니다. 남은 공간 {freeMb}MiB, 남은 inode {inodes}개입니다.',
  },
  'guardian.disk.human': {
    en: 'Make room on the disk of {home}.',
    ko: '{home}이(가) 있는 디스크의 공간을 확보하십시오.',
  },
  'guardian.disk.serves': {
    en: 'Until then questions are answered while what was held in reserve lasts; one that cannot be written down is refused and not lost silently.',
    ko: '그때까지는 예비로 남겨 둔 공간이 있는 동안 질문에 답합니다. 기록할 수 없는 질문은 조용히 잃지 않고 거절합니다.',
  },
  'guardian.reserveMissing': {
    en: 'The reserve for a full disk is missing.',
    ko: '디스크가 가득 찰 때를 위한 예비 공간이 없습니다.',
  },
  'guardian.leftovers': {
    en: 'Killed processes of ours left {count} half-written files.',
    ko: '중단된 프로세스가 쓰다 만 파일 {count}개가 남아 있습니다.',
  },
  'guardian.databaseCorrupt': {
    en: 'The database {name} is damaged: {detail}',
    ko: '{name} 데이터베이스가 손상되었습니다: {detail}',
  },
  'guardian.fileMissing': { en: 'the file is missing', ko: '파일이 없습니다' },
  'guardian.databaseBehind': {
    en: 'The database {name} ends at event {seq}, but event {witness} had been acknowledged.',
    ko: '{name} 데이터베이스는 {seq}번 이벤트에서 끝나지만, {witness}번 이벤트까지 확인된 기록이 있습니다.',
  },
  'guardian.databaseClosed': {
    en: 'The database {name} cannot be opened: {detail}',
    ko: '{name} 데이터베이스를 열 수 없습니다: {detail}',
  },
  'guardian.databaseClosed.human': {
    en: 'Look at the rights of {path} and at the disk below it.',
    ko: '{path}의 권한과 디스크 상태를 확인하십시오.',
  },
  'guardian.dependencies': {
    en: '{count} packages are missing or not the ones of the lockfile; the first: {first}',
    ko: '패키지 {count}개가 없거나 잠금 파일과 다릅니다. 첫 번째: {first}',
  },
  'guardian.dependencies.human': {
    en: 'Install the packages anew: {command}',
    ko: '패키지를 다시 설치하십시오: {command}',
  },
  'guardian.nodeVersion': {
    en: 'This process runs on Node {actual}; {pinned} is the one that belongs to this version.',
    ko: '이 프로세스는 Node {actual}에서 실행 중이지만, 이 버전에 맞는 Node는 {pinned}입니다.',
  },
  'guardian.nodeVersion.human': {
    en: 'Start Ottugi by its own command, which picks the right Node: {command}',
    ko: '맞는 Node를 고르는 오뚝이 자체 명령으로 시작하십시오: {command}',
  },
  'guardian.commandMissing': {
    en: 'The command {name} is not found on the PATH.',
    ko: 'PATH에서 {name} 명령을 찾을 수 없습니다.',
  },
  'guardian.commandMissing.human': {
    en: 'Install it, or take it out of guardian.requireCommands.',
    ko: '설치하거나 guardian.requireCommands에서 빼십시오.',
  },
  'guardian.clockBehind': {
    en: 'The clock says {clock}, which is before {newest}: it runs behind.',
    ko: '시계가 {clock}을(를) 가리키지만 {newest}보다 이릅니다. 시계가 늦습니다.',
  },
  'guardian.clock.human': {
    en: 'Set the clock: timedatectl set-ntp true',
    ko: '시계를 맞추십시오: timedatectl set-ntp true',
  },
  'guardian.settingsRestored': {
    en: 'ottugi.yaml was broken ({problem}) and the last known good one was put back; the broken one is kept beside it.',
    ko: 'ottugi.yaml에 문제가 있어({problem}) 마지막으로 정상이던 설정으로 되돌렸습니다. 문제가 있던 파일은 옆에 보관했습니다.',
  },
  'guardian.settingsRolledBack': {
    en: 'The agent failed {count} times with the changed settings: the last known good ones were put back, the others are kept beside them.',
    ko: '바뀐 설정으로 에이전트가 {count}번 실패하여 마지막으로 정상이던 설정으로 되돌렸습니다. 바뀐 설정은 옆에 보관했습니다.',
  },
  'guardian.safeMode.settings-invalid': {
    en: 'Safe mode: the settings cannot be used ({detail}), so the defaults are in force. It ends when they are corrected.',
    ko: '안전 모드: 설정을 사용할 수 없어({detail}) 기본값으로 실행합니다. 설정을 고치면 해제됩니다.',
  },
  'guardian.safeMode.asked': {
    en: 'Safe mode, because you asked for it: the default settings are in force. {detail}',
    ko: '요청하신 안전 모드입니다. 기본 설정으로 실행합니다. {detail}',
  },
  'guardian.safeMode.crash-loop': {
    en: 'Safe mode: the agent failed again and again, so the default settings are in force. It ends when ottugi.yaml, .env or the packages change.',
    ko: '안전 모드: 에이전트가 거듭 실패하여 기본 설정으로 실행합니다. ottugi.yaml, .env 또는 패키지가 바뀌면 해제됩니다.',
  },
  'guardian.settings.human': {
    en: 'Correct the settings; what is wrong with them: {command}',
    ko: '설정을 고치십시오. 무엇이 잘못되었는지 보려면: {command}',
  },
  'guardian.brokenChain': {
    en: 'The repair journal is not as it was written, from line {line} on.',
    ko: '수리 기록이 {line}번째 줄부터 원래 내용과 다릅니다.',
  },
  'guardian.brokenChain.human': {
    en: 'Find out who changed {path}, or look at the disk.',
    ko: '누가 {path}을(를) 바꾸었는지, 또는 디스크에 이상이 없는지 확인하십시오.',
  },
} as const satisfies Messages
