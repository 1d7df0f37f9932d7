import type { Messages } from './message.ts'

/** Texts of the rules of recovery, and of `diagnose`. `….needs` is what a probe of this machine must say before a rule may act. */
export const runbookMessages = {
  'runbook.diskFull': {
    en: 'The disk is full: the reserve and what is ours to clear away give it room.',
    ko: '디스크가 가득 찼습니다. 예비 공간을 풀고 정리할 수 있는 파일을 정리해 자리를 만듭니다.',
  },
  'runbook.diskFull.needs': {
    en: 'less than 24 MiB or 200 inodes are free where the home lies',
    ko: '홈이 있는 디스크에 24 MiB 또는 inode 200개보다 적게 남아 있어야 합니다',
  },
  'runbook.diskLow': {
    en: 'The disk is low: leftovers and rotated logs of ours can make room.',
    ko: '디스크가 부족합니다. 남은 임시 파일과 지난 로그로 자리를 만들 수 있습니다.',
  },
  'runbook.diskLow.needs': {
    en: 'less than 64 MiB or 2,000 inodes are free where the home lies',
    ko: '홈이 있는 디스크에 64 MiB 또는 inode 2,000개보다 적게 남아 있어야 합니다',
  },
  'runbook.descriptors': {
    en: 'The agent has almost no descriptors left: only a new process has all of them.',
    ko: '에이전트가 쓸 수 있는 디스크립터가 거의 없습니다. 새 프로세스만이 다시 모두 쓸 수 있습니다.',
  },
  'runbook.descriptors.needs': {
    en: 'the agent has 90 % of its descriptors open',
    ko: '에이전트가 디스크립터의 90%를 열고 있어야 합니다',
  },
  'runbook.wrongModes': {
    en: 'Files of ours have a mode that keeps us out, or lets others in.',
    ko: '오뚝이 파일의 권한이 잘못되어 접근이 막혔거나 다른 사용자에게 열려 있습니다.',
  },
  'runbook.wrongModes.needs': {
    en: 'a file of the home has a wrong mode and belongs to this user',
    ko: '홈의 파일 중 이 사용자의 것이면서 권한이 잘못된 것이 있어야 합니다',
  },
  'runbook.wrongOwners': {
    en: 'Files of ours belong to another user, or are something else: only a person mends that.',
    ko: '오뚝이 파일이 다른 사용자의 것이거나 다른 종류의 파일입니다. 사람만 고칠 수 있습니다.',
  },
  'runbook.wrongOwners.needs': {
    en: 'a file of the home belongs to another user or is of another kind',
    ko: '홈의 파일 중 다른 사용자의 것이거나 종류가 다른 것이 있어야 합니다',
  },
  'runbook.missingFolders': {
    en: 'Folders of the home are missing.',
    ko: '홈에 있어야 할 폴더가 없습니다.',
  },
  'runbook.missingFolders.needs': {
    en: 'a folder that the home needs is not there',
    ko: '홈에 필요한 폴더가 없어야 합니다',
  },
  'runbook.dependencies': {
    en: 'Packages are missing, or were built for another version of Node: they are installed anew from the lockfile.',
    ko: '패키지가 없거나 다른 Node 버전용입니다. 잠금 파일대로 다시 설치합니다.',
  },
  'runbook.dependencies.needs': {
    en: 'the installed packages are not those of the lockfile, or a native one cannot be loaded',
    ko: '설치된 패키지가 잠금 파일과 다르거나 네이티브 패키지를 불러올 수 없어야 합니다',
  },
  'runbook.damagedDatabase': {
    en: 'A database is damaged: it is rebuilt from the newest backup and what can still be read.',
    ko: '데이터베이스가 손상되었습니다. 최신 백업과 읽을 수 있는 내용으로 다시 만듭니다.',
  },
  'runbook.damagedDatabase.needs': {
    en: 'SQLite itself finds agent.db or watchdog.db damaged',
    ko: 'SQLite 검사에서 agent.db 또는 watchdog.db가 손상된 것으로 나와야 합니다',
  },
  'runbook.closedDatabase': {
    en: 'A database cannot be opened, which says nothing of its content: a person must see who is in the way.',
    ko: '데이터베이스를 열 수 없습니다. 내용의 문제는 아니므로, 무엇이 막고 있는지 사람이 확인해야 합니다.',
  },
  'runbook.closedDatabase.needs': {
    en: 'agent.db is locked or cannot be opened while the agent does not run',
    ko: '에이전트가 실행 중이 아닌데도 agent.db가 잠겨 있거나 열리지 않아야 합니다',
  },
  'runbook.staleLock': {
    en: 'The lock of starting belongs to a process that is dead.',
    ko: '시작 잠금이 이미 끝난 프로세스의 것입니다.',
  },
  'runbook.staleLock.needs': {
    en: 'the owner of run/start.lock is dead by pid and start time',
    ko: 'run/start.lock의 주인이 프로세스 번호와 시작 시각으로 보아 끝난 상태여야 합니다',
  },
  'runbook.ownOrphan': {
    en: 'An earlier process of ours still lives and holds a port or a lock.',
    ko: '이전 오뚝이 프로세스가 아직 남아 포트나 잠금을 쥐고 있습니다.',
  },
  'runbook.ownOrphan.needs': {
    en: 'a process that the boot ledger knows as ours lives beside its successor',
    ko: '부팅 기록에 있는 이전 프로세스가 후임과 함께 살아 있어야 합니다',
  },
  'runbook.portTaken': {
    en: 'A stranger has our port: the next free one is taken, the stranger is left alone.',
    ko: '다른 프로그램이 포트를 쓰고 있습니다. 그 프로그램은 그대로 두고 다음 빈 포트를 씁니다.',
  },
  'runbook.portTaken.needs': {
    en: 'a process that is not ours listens on a port of the settings',
    ko: '설정된 포트에서 오뚝이가 아닌 프로세스가 기다리고 있어야 합니다',
  },
  'runbook.portForbidden': {
    en: 'The configured port or address may not be used: a person must choose another one.',
    ko: '설정된 포트나 주소를 쓸 수 없습니다. 사람이 다른 값을 골라야 합니다.',
  },
  'runbook.portForbidden.needs': {
    en: 'this user may not listen on a port of the settings',
    ko: '이 사용자가 설정된 포트에서 기다릴 수 없어야 합니다',
  },
  'runbook.settingsInvalid': {
    en: 'The settings are broken: the last good ones are put back, or the defaults hold until they are mended.',
    ko: '설정이 잘못되었습니다. 마지막으로 정상이던 설정을 되돌리거나, 고칠 때까지 기본값을 씁니다.',
  },
  'runbook.settingsInvalid.needs': {
    en: 'ottugi.yaml does not pass its schema, or it or .env cannot be read',
    ko: 'ottugi.yaml이 설정 형식에 맞지 않거나, 이 파일 또는 .env를 읽을 수 없어야 합니다',
  },
  'runbook.settingsChanged': {
    en: 'The agent fails since its settings changed: they go back to what it was healthy with.',
    ko: '설정을 바꾼 뒤로 에이전트가 실패합니다. 정상이던 설정으로 되돌립니다.',
  },
  'runbook.settingsChanged.needs': {
    en: 'the agent failed at least twice in a row, and ottugi.yaml changed since its last good start',
    ko: '에이전트가 두 번 이상 연달아 실패했고, 마지막 정상 시작 뒤에 ottugi.yaml이 바뀌었어야 합니다',
  },
  'runbook.hang': {
    en: 'The agent lives and does not answer: its supervisor starts it anew once it has ended.',
    ko: '에이전트가 살아 있지만 응답하지 않습니다. 끝내면 관리자가 다시 시작합니다.',
  },
  'runbook.hang.needs': {
    en: 'the watchdog saw the living agent hang, and it does not answer now either',
    ko: '감시자가 살아 있는 에이전트의 멈춤을 보았고, 지금도 응답이 없어야 합니다',
  },
  'runbook.outOfMemory': {
    en: 'The agent ended out of memory: its heap may grow, within what the machine has.',
    ko: '에이전트가 메모리 부족으로 끝났습니다. 기기가 허락하는 만큼 힙 한도를 늘립니다.',
  },
  'runbook.outOfMemory.needs': {
    en: 'the newest end of the agent is an abort of V8, or says itself that memory was used up',
    ko: '에이전트의 마지막 종료가 V8의 중단이거나 메모리 소진이라고 기록되어 있어야 합니다',
  },
  'runbook.poisonedRun': {
    en: 'The agent dies over the same work each time: it is set aside, so that everything else goes on.',
    ko: '에이전트가 같은 작업을 할 때마다 끝납니다. 그 작업을 따로 두어 나머지를 계속합니다.',
  },
  'runbook.poisonedRun.needs': {
    en: 'at least 2 lives of the agent ended over one unfinished run',
    ko: '끝나지 않은 한 실행을 하는 동안 에이전트가 두 번 이상 끝났어야 합니다',
  },
  'runbook.outside': {
    en: 'What fails is outside (network, name service, certificates, model provider): starting again and again only adds load.',
    ko: '바깥(네트워크, 이름 서비스, 인증서, 모델 제공자)의 문제입니다. 거듭 시작해도 부담만 늘어납니다.',
  },
  'runbook.outside.needs': {
    en: 'every short life of the crash loop ended with this fault, by its own ledger',
    ko: '연달아 끝난 모든 기록이 이 장애를 이유로 남겼어야 합니다',
  },
  'runbook.provider': {
    en: 'The model provider refuses or cannot be reached; the agent itself is well and is left alone.',
    ko: '모델 제공자가 거절하거나 연결되지 않습니다. 에이전트 자체는 정상이므로 건드리지 않습니다.',
  },
  'runbook.provider.needs': {
    en: 'the last 3 model calls on record failed so, and the agent serves',
    ko: '기록된 최근 모델 호출 3번이 그렇게 실패했고, 에이전트는 동작하고 있어야 합니다',
  },
  'runbook.clock': {
    en: 'The wall clock runs behind our own records: certificates and schedules go wrong until a person sets it.',
    ko: '시계가 오뚝이의 기록보다 뒤처져 있습니다. 사람이 맞출 때까지 인증서와 일정이 어긋납니다.',
  },
  'runbook.clock.needs': {
    en: 'the wall clock is more than 2 minutes behind the newest line of the boot ledger',
    ko: '시계가 부팅 기록의 마지막 줄보다 2분 넘게 뒤처져 있어야 합니다',
  },
  'runbook.restartIsTheFault': {
    en: 'Every start ends in the same way: starts are held for a while.',
    ko: '시작할 때마다 똑같이 끝납니다. 한동안 시작을 멈춥니다.',
  },
  'runbook.restartIsTheFault.needs': {
    en: 'at least 4 short lives ended alike with a known fault, or 10 with an unknown one',
    ko: '짧게 끝난 기록이 알려진 장애로 4번 이상, 또는 알 수 없는 이유로 10번 이상 똑같아야 합니다',
  },
  'cli.diagnose': {
    en: 'name the fault in a log, and say what recovery would do about it; changes nothing and needs nothing that runs',
    ko: '로그의 장애를 판별하고 복구가 무엇을 할지 알려 줍니다. 아무것도 바꾸지 않으며 실행 중일 필요도 없습니다',
  },
  'cli.diagnoseLog': {
    en: 'the log to read; - reads standard input (default: the logs of this home)',
    ko: '읽을 로그 파일. -는 표준 입력입니다(기본값: 이 홈의 로그)',
  },
  'diagnose.class': { en: 'Fault: {faultClass}', ko: '장애: {faultClass}' },
  'diagnose.signature': { en: 'Signature: {signature}', ko: '서명: {signature}' },
  'diagnose.noFacts': {
    en: 'There is no home to look at, so nothing here is confirmed.',
    ko: '살펴볼 홈이 없으므로 아무것도 확인되지 않았습니다.',
  },
  'diagnose.none': { en: 'Proposed: none', ko: '제안: 없음' },
  'diagnose.proposed': { en: 'Proposed: {action} {args}', ko: '제안: {action} {args}' },
  'diagnose.because': { en: '    {rule}: {why}', ko: '    {rule}: {why}' },
  'diagnose.wouldNeed': {
    en: 'The log speaks of what {rule} treats. It acts only when: {needs}',
    ko: '로그의 내용은 {rule} 규칙이 다루는 장애입니다. 다음이 확인될 때만 동작합니다: {needs}',
  },
  'diagnose.shown': { en: 'What a model would be shown:', ko: '모델에게 보일 내용:' },
  'diagnose.badLog': {
    en: '{file} cannot be read: {reason}. Name a text file, or - for standard input.',
    ko: '{file}: 읽을 수 없습니다({reason}). 텍스트 파일을 지정하거나 표준 입력에는 -를 쓰십시오.',
  },
  'diagnose.emptyLog': {
    en: '{file} is empty: there is nothing to read.',
    ko: '{file}: 비어 있어 읽을 내용이 없습니다.',
  },
  'diagnose.noHome': {
    en: 'There is no home at {home}, and no log was named. Name one: {command}',
    ko: '{home}에 홈이 없고 로그도 지정하지 않았습니다. 로그를 지정하십시오: {command}',
  },
} as const satisfies Messages
