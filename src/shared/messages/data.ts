import type { Messages } from './message.ts'

/** Texts of `data` and `uninstall`. */
export const dataMessages = {
  'cli.data': { en: 'what has piled up in a home, and clearing it', ko: '홈에 쌓인 데이터와 그 정리' },
  'cli.dataStats': { en: 'how much of what there is', ko: '무엇이 얼마나 있는지 표시합니다' },
  'cli.dataPrune': {
    en: 'remove what is older than the settings of retention keep; nothing that something open needs',
    ko: 'retention 설정보다 오래된 것을 지웁니다. 열려 있는 것에 필요한 데이터는 지우지 않습니다',
  },
  'cli.dataClear': {
    en: 'remove all of these that nothing open needs: {areas}',
    ko: '열려 있는 것에 필요하지 않은 것을 모두 지웁니다: {areas}',
  },
  'cli.dataDryRun': { en: 'say what would go, and remove nothing', ko: '지울 것만 알려 주고 지우지 않습니다' },
  'cli.dataRestart': {
    en: 'stop everything for a moment and make the files of the databases smaller as well',
    ko: '전체를 잠시 멈추고 데이터베이스 파일도 줄입니다',
  },
  'data.agentDb': { en: 'agent.db (sessions, runs, costs)', ko: 'agent.db(대화, 실행, 비용)' },
  'data.watchdogDb': { en: 'watchdog.db (incidents, alerts, metrics)', ko: 'watchdog.db(장애, 알림, 측정값)' },
  'data.workspace': { en: 'workspace', ko: '작업 폴더' },
  'data.alerts': { en: 'alerts', ko: '알림' },
  'data.logs': { en: 'logs', ko: '로그' },
  'data.backups': { en: 'backups', ko: '백업' },
  'data.aside': { en: 'set aside by repairs, restores, updates', ko: '수리, 복원, 업데이트가 따로 둔 것' },
  'data.releases': { en: 'program versions of updates', ko: '업데이트로 받은 프로그램 버전' },
  'data.cache': { en: 'cache of compiled code', ko: '컴파일 캐시' },
  'data.sessions': { en: 'sessions', ko: '대화' },
  'data.costs': { en: 'figures of model calls', ko: '모델 호출 비용 기록' },
  'data.incidents': { en: 'closed incidents', ko: '닫힌 장애' },
  'data.metrics': { en: 'measurements', ko: '측정값' },
  'data.free': { en: 'free on the disk', ko: '디스크의 남은 공간' },
  'data.wouldGo': { en: 'would go: {what}, {count} ({size})', ko: '지울 것: {what} {count}개({size})' },
  'data.wouldGoRows': { en: 'would go: {what}, {count}', ko: '지울 것: {what} {count}개' },
  'data.went': { en: 'removed: {what}, {count} ({size})', ko: '지움: {what} {count}개({size})' },
  'data.wentRows': { en: 'removed: {what}, {count}', ko: '지움: {what} {count}개' },
  'data.nothing': { en: 'Nothing to remove.', ko: '지울 것이 없습니다.' },
  'data.before': { en: 'before: {before}, now: {after}', ko: '이전 {before}, 현재 {after}' },
  'data.notPacked': {
    en: 'The disk has no room to make the databases smaller; what was freed in them is used for new rows.',
    ko: '디스크 공간이 부족해 데이터베이스 파일은 줄이지 못했습니다. 비워진 자리는 새 행에 씁니다.',
  },
  'data.notRemoved': {
    en: 'Not all of it could be removed while it runs ({reason}). Try again, or with --restart.',
    ko: '실행 중이라 일부를 지우지 못했습니다({reason}). 다시 시도하거나 --restart를 주세요.',
  },
  'data.stillLarge': {
    en: 'The files of the databases keep their size and use the freed room again. To make them smaller (a pause of seconds): {command}',
    ko: '데이터베이스 파일 크기는 그대로이며 비워진 자리를 다시 씁니다. 파일을 줄이려면(몇 초 중단): {command}',
  },
  'data.unknown': {
    en: '{given} is nothing that can be cleared: {areas}',
    ko: '{given}은(는) 지울 수 있는 항목이 아닙니다: {areas}',
  },
  'data.needsYes': {
    en: 'This removes data for good, whatever its age: give --yes, or --dry-run to see what.',
    ko: '기간과 관계없이 데이터를 완전히 지웁니다. --yes를 주거나, 무엇이 지워질지 --dry-run으로 먼저 확인해 주세요.',
  },
  'data.unreadable': { en: 'A database cannot be read: {reason}', ko: '데이터베이스를 읽을 수 없습니다: {reason}' },
  'cli.uninstall': {
    en: 'stop everything and remove the service; says what stays (--purge removes the home too)',
    ko: '전체를 멈추고 서비스를 제거한 뒤 남는 것을 알려 줍니다(--purge는 홈도 제거)',
  },
  'cli.uninstallPurge': { en: 'remove the home with everything in it', ko: '홈을 안의 모든 것과 함께 제거합니다' },
  'cli.uninstallDryRun': { en: 'say what would be done, and do nothing', ko: '무엇을 할지만 알려 줍니다' },
  'uninstall.noHome': {
    en: '{home} is no home of Ottugi. Nothing was done.',
    ko: '{home}은(는) 오뚝이의 홈이 아닙니다. 아무것도 하지 않았습니다.',
  },
  'uninstall.stops': { en: 'stops: everything that runs in {home}', ko: '멈춤: {home}에서 실행 중인 모든 것' },
  'uninstall.service': { en: 'removes: the service {unit} ({path})', ko: '제거: 서비스 {unit}({path})' },
  'uninstall.purges': { en: 'removes for good: {path} ({size})', ko: '완전히 제거: {path}({size})' },
  'uninstall.stays': { en: 'stays: {path} ({size})', ko: '남음: {path}({size})' },
  'uninstall.program': { en: 'the program itself: {command}', ko: '프로그램 자체를 제거하려면: {command}' },
  'uninstall.ask': {
    en: 'This removes conversations, settings, keys and backups in {home} for good. Type yes:',
    ko: '{home}의 대화, 설정, 키, 백업을 완전히 지웁니다. yes를 입력해 주세요:',
  },
  'uninstall.needsYes': {
    en: 'There is no terminal to ask at: give --yes.',
    ko: '물어볼 터미널이 없습니다. --yes를 주세요.',
  },
  'uninstall.stopFailed': {
    en: 'Not everything ended, so nothing was removed.',
    ko: '끝나지 않은 것이 있어 아무것도 제거하지 않았습니다.',
  },
  'uninstall.serviceFailed': {
    en: 'The service was not removed, so the home stays: {command}',
    ko: '서비스를 제거하지 못해 홈을 남겨 두었습니다: {command}',
  },
  'uninstall.done': {
    en: 'Stopped; nothing of it starts by itself any more.',
    ko: '멈췄으며 더는 스스로 시작되지 않습니다.',
  },
  'uninstall.purged': { en: 'Removed {home}.', ko: '{home}을(를) 제거했습니다.' },
} as const satisfies Messages
