import type { Messages } from './message.ts'

/** Texts of `backup` and `restore`. */
export const backupMessages = {
  'cli.backup': {
    en: 'save databases, settings and permissions in one file while everything runs, and prove it (default: data/backups in the home)',
    ko: '실행 중에도 데이터베이스, 설정, 허용 목록을 파일 하나에 저장하고 복원되는지 확인합니다(기본 위치: 홈의 data/backups)',
  },
  'cli.backupSecrets': {
    en: 'put .env with the keys into a backup that is not encrypted too',
    ko: '암호화하지 않은 백업에도 키가 든 .env를 넣습니다',
  },
  'cli.backupWorkspace': { en: 'put the workspace in too', ko: '작업 폴더도 넣습니다' },
  'cli.passphrase': { en: 'encrypt; the passphrase is asked for', ko: '암호화합니다. 암호를 물어봅니다' },
  'cli.passphraseKnown': { en: 'ask for the passphrase', ko: '암호를 물어봅니다' },
  'cli.passphraseFd': {
    en: 'read the passphrase from this file descriptor',
    ko: '이 파일 디스크립터에서 암호를 읽습니다',
  },
  'cli.passphraseEnv': { en: 'name of the variable that holds the passphrase', ko: '암호가 든 환경 변수의 이름' },
  'cli.restore': {
    en: 'put a backup in place of the state of a home (an empty one with --home); what was there is kept',
    ko: '백업을 홈의 상태 자리에 넣습니다(빈 홈은 --home으로 지정). 있던 것은 보관합니다',
  },
  'cli.restoreBack': { en: 'go back to the state before the last restore', ko: '마지막 복원 이전 상태로 되돌립니다' },
  'cli.restoreDryRun': {
    en: 'unpack and prove it, and change nothing',
    ko: '풀어서 확인만 하고 아무것도 바꾸지 않습니다',
  },
  'cli.optYes': { en: 'do not ask', ko: '묻지 않습니다' },
  'backup.askPassphrase': { en: 'Passphrase (is not shown):', ko: '암호(표시되지 않음):' },
  'backup.askAgain': { en: 'The same once more:', ko: '한 번 더 입력해 주세요:' },
  'backup.notTheSame': {
    en: 'These two are not the same. Nothing was done.',
    ko: '두 암호가 다릅니다. 아무것도 하지 않았습니다.',
  },
  'backup.tooShort': {
    en: 'A passphrase needs at least {least} letters.',
    ko: '암호는 {least}자 이상이어야 합니다.',
  },
  'backup.noPassphrase': {
    en: 'No passphrase came from {source}.',
    ko: '{source}에서 암호를 받지 못했습니다.',
  },
  'backup.terminal': {
    en: 'the terminal (there is none here: use --passphrase-fd or --passphrase-env)',
    ko: '터미널(여기에는 없습니다. --passphrase-fd 또는 --passphrase-env를 사용해 주세요)',
  },
  'backup.busy': {
    en: 'Another backup, restore or update of this home is under way. Try again when it has ended.',
    ko: '이 홈의 다른 백업, 복원 또는 업데이트가 진행 중입니다. 끝난 뒤 다시 시도해 주세요.',
  },
  'backup.nothing': {
    en: 'There is nothing to save in {home}: it has no database and no settings.',
    ko: '{home}에는 저장할 것이 없습니다. 데이터베이스도 설정도 없습니다.',
  },
  'backup.exists': {
    en: '{file} is there already. Backups are never overwritten: name another file.',
    ko: '{file}이(가) 이미 있습니다. 백업은 덮어쓰지 않으니 다른 이름을 지정해 주세요.',
  },
  'backup.done': {
    en: 'Saved and proved: {file} ({size}; events: {events}, files: {files}).',
    ko: '저장하고 확인했습니다: {file}({size}, 이벤트 {events}개, 파일 {files}개).',
  },
  'backup.sealed': {
    en: 'It is encrypted, and the keys in .env are in it. Without its passphrase nobody can read it: you neither.',
    ko: '암호화했으며 .env의 키도 들어 있습니다. 암호가 없으면 본인을 포함해 누구도 읽을 수 없습니다.',
  },
  'backup.withSecrets': {
    en: 'It is not encrypted and holds the keys of .env: whoever can read the file has them.',
    ko: '암호화하지 않았고 .env의 키가 들어 있습니다. 파일을 읽을 수 있는 사람은 키도 알게 됩니다.',
  },
  'backup.withoutSecrets': {
    en: 'It is not encrypted, so .env with the keys is not in it. With --passphrase it is.',
    ko: '암호화하지 않아 키가 든 .env는 넣지 않았습니다. --passphrase를 주면 함께 저장합니다.',
  },
  'backup.leftOut': {
    en: 'Left out, because they are no regular files: {count}.',
    ko: '일반 파일이 아니어서 뺀 것: {count}개.',
  },
  'backup.complaint': {
    en: 'A start from it would be refused as it is: {what}',
    ko: '이 상태로는 시작이 거부됩니다: {what}',
  },
  'backup.noRoom': {
    en: 'There is not enough room on the disk. Nothing was left behind.',
    ko: '디스크 공간이 부족합니다. 남은 파일은 없습니다.',
  },
  'backup.failed': {
    en: 'No backup was made: {reason}',
    ko: '백업을 만들지 못했습니다: {reason}',
  },
  'restore.restoreCommand': { en: 'Restore it with: {command}', ko: '복원하려면: {command}' },
  'restore.needsFile': {
    en: 'Which backup? {command}',
    ko: '어느 백업인가요? {command}',
  },
  'restore.noFile': { en: 'There is no file {file}.', ko: '{file} 파일이 없습니다.' },
  'restore.notABackup': { en: '{file} is no backup of Ottugi.', ko: '{file}은(는) 오뚝이의 백업이 아닙니다.' },
  'restore.newer': {
    en: '{file} was made by a newer Ottugi ({version}; this one is {own}). Update first, then restore it.',
    ko: '{file}은(는) 더 새로운 오뚝이({version}, 현재 {own})가 만들었습니다. 먼저 업데이트한 뒤 복원해 주세요.',
  },
  'restore.truncated': {
    en: '{file} is cut off: its end is missing. Copy it again from where it came from.',
    ko: '{file}은(는) 끝이 잘렸습니다. 원본에서 다시 복사해 주세요.',
  },
  'restore.damaged': {
    en: '{file} is damaged or was changed: {detail}',
    ko: '{file}이(가) 손상되었거나 변경되었습니다: {detail}',
  },
  'restore.needsPassphrase': {
    en: '{file} is encrypted: give its passphrase with --passphrase, --passphrase-fd or --passphrase-env.',
    ko: '{file}은(는) 암호화되어 있습니다. --passphrase, --passphrase-fd, --passphrase-env 중 하나로 암호를 주세요.',
  },
  'restore.wrongPassphrase': { en: 'This is not the passphrase of {file}.', ko: '{file}의 암호가 아닙니다.' },
  'restore.unsafe': {
    en: '{file} holds a name that no backup of ours has ({detail}): nothing of it was used.',
    ko: '{file}에 오뚝이 백업에 없는 이름이 있어({detail}) 아무것도 사용하지 않았습니다.',
  },
  'restore.refused': {
    en: 'This backup would not start here: {detail}',
    ko: '이 백업은 여기에서 시작되지 않습니다: {detail}',
  },
  'restore.unreadable': { en: '{file} cannot be read: {detail}', ko: '{file}을(를) 읽을 수 없습니다: {detail}' },
  'restore.unchanged': { en: 'The state of {home} is unchanged.', ko: '{home}의 상태는 그대로입니다.' },
  'restore.ask': {
    en: 'Put the backup of {at} (Ottugi {version}, {events} events) in place of the state of {home}? What is there now is kept. Type yes:',
    ko: '{home}의 상태를 {at} 백업(오뚝이 {version}, 이벤트 {events}개)으로 바꿀까요? 지금 상태는 보관합니다. yes를 입력해 주세요:',
  },
  'restore.needsYes': {
    en: 'There is a state in {home}, and no terminal to ask at: give --yes.',
    ko: '{home}에 상태가 있는데 물어볼 터미널이 없습니다. --yes를 주세요.',
  },
  'restore.notDone': { en: 'Nothing was changed.', ko: '아무것도 바꾸지 않았습니다.' },
  'restore.dryRun': {
    en: 'The backup of {at} is whole and would start here: {events} events. Nothing was changed.',
    ko: '{at} 백업은 온전하며 여기에서 시작할 수 있습니다(이벤트 {events}개). 아무것도 바꾸지 않았습니다.',
  },
  'restore.done': {
    en: 'Restored: the state of {at} with {events} events.',
    ko: '복원했습니다: {at}의 상태, 이벤트 {events}개.',
  },
  'restore.ended': {
    en: 'Runs that were under way then were ended, not repeated: {count}. Jobs go on from now.',
    ko: '그때 진행 중이던 실행은 반복하지 않고 끝냈습니다: {count}개. 예약 작업은 지금부터 이어집니다.',
  },
  'restore.kept': {
    en: 'What was there is kept in {folder}. To go back: {command}',
    ko: '있던 상태는 {folder}에 보관했습니다. 되돌리려면: {command}',
  },
  'restore.endedReason': {
    en: 'the state of {at} was restored from a backup; what this run had begun since is not known, so it was ended',
    ko: '{at} 상태를 백업에서 복원했습니다. 그 뒤 이 실행이 무엇을 했는지 알 수 없어 끝냈습니다',
  },
  'restore.swapFailed': {
    en: 'The exchange did not work ({reason}); everything is as it was.',
    ko: '교체하지 못했습니다({reason}). 모두 이전 그대로입니다.',
  },
  'restore.noBack': {
    en: 'There is no restore to go back from in {home}.',
    ko: '{home}에는 되돌릴 복원이 없습니다.',
  },
  'restore.wentBack': {
    en: 'Back to the state before the restore of {at}. What came since is kept in {folder}.',
    ko: '{at} 복원 이전 상태로 돌아왔습니다. 그 뒤의 것은 {folder}에 보관했습니다.',
  },
  'restore.locked': {
    en: 'Another start or stop is under way. Try again when it has ended.',
    ko: '다른 시작 또는 종료가 진행 중입니다. 끝난 뒤 다시 시도해 주세요.',
  },
  'restore.left': {
    en: 'These processes do not end, so nothing was exchanged: {pids}',
    ko: '끝나지 않는 프로세스가 있어 교체하지 않았습니다: {pids}',
  },
  'restore.cutOff': {
    en: 'A restore was cut off before its end; the state before it was put back.',
    ko: '복원이 도중에 끊겨 그 이전 상태를 되돌려 놓았습니다.',
  },
} as const satisfies Messages
