import type { Messages } from './message.ts'

/** Texts of `update`. */
export const updateMessages = {
  'cli.update': {
    en: 'put a new version beside this one, try it, switch to it without a pause, and back by itself where it is not good',
    ko: '새 버전을 지금 버전 옆에 두고 확인한 뒤 중단 없이 바꿉니다. 좋지 않으면 스스로 되돌립니다',
  },
  'cli.updateTo': { en: 'this version, from the npm registry', ko: 'npm 레지스트리의 이 버전으로' },
  'cli.updateFrom': { en: 'from a folder or a packed file (.tgz)', ko: '폴더 또는 묶음 파일(.tgz)에서' },
  'cli.updateBack': {
    en: 'go back to the version before the last update',
    ko: '마지막 업데이트 이전 버전으로 되돌립니다',
  },
  'cli.updateDryRun': { en: 'fetch and try it, and change nothing', ko: '받아서 확인만 하고 아무것도 바꾸지 않습니다' },
  'cli.updateHold': { en: 'how long the new version is watched', ko: '새 버전을 지켜보는 시간' },
  'update.usage': {
    en: 'Say what to update to: --to VERSION, --from FOLDER or FILE.tgz, or --back; --hold takes 90s, 5m. See {command}',
    ko: '무엇으로 업데이트할지 알려 주세요: --to 버전, --from 폴더 또는 파일.tgz, --back 중 하나. --hold는 90s, 5m처럼 씁니다. {command} 참고',
  },
  'update.maintenance': { en: 'update to {version}', ko: '{version} 버전으로 업데이트' },
  'update.noRoom': {
    en: 'There is not enough room on the disk for another version. Nothing was changed.',
    ko: '다른 버전을 둘 디스크 공간이 부족합니다. 아무것도 바꾸지 않았습니다.',
  },
  'update.noProgram': {
    en: 'There is no version to switch to: {detail} Nothing was changed.',
    ko: '바꿀 버전을 준비하지 못했습니다: {detail} 아무것도 바꾸지 않았습니다.',
  },
  'update.broken': {
    en: 'Version {version} does not even start its command line: {detail} Nothing was changed.',
    ko: '{version} 버전은 명령조차 실행되지 않습니다: {detail} 아무것도 바꾸지 않았습니다.',
  },
  'update.refused': {
    en: 'The guardian of version {version} would refuse to start with this home: {detail} Nothing was changed.',
    ko: '{version} 버전의 가디언이 이 홈에서 시작을 거부합니다: {detail} 아무것도 바꾸지 않았습니다.',
  },
  'update.migration': {
    en: 'Version {version} cannot take over the databases (tried on copies): {detail} Nothing was changed.',
    ko: '{version} 버전이 데이터베이스를 넘겨받지 못합니다(사본으로 확인): {detail} 아무것도 바꾸지 않았습니다.',
  },
  'update.start': {
    en: 'The agent of version {version} does not hold out (tried beside the one that serves): {detail} Nothing was changed.',
    ko: '{version} 버전의 에이전트가 제대로 실행되지 않습니다(지금 에이전트 옆에서 확인): {detail} 아무것도 바꾸지 않았습니다.',
  },
  'update.dryRun': {
    en: 'Version {version} is good for this home; {own} would be switched to it. Nothing was changed.',
    ko: '{version} 버전은 이 홈에서 쓸 수 있습니다. 지금은 {own}입니다. 아무것도 바꾸지 않았습니다.',
  },
  'update.changesForm': {
    en: 'It brings the databases to a new form. Going back later puts the databases from before it back.',
    ko: '데이터베이스를 새 형식으로 바꿉니다. 나중에 되돌리면 이전 데이터베이스로 돌아갑니다.',
  },
  'update.done': {
    en: 'Updated from {from} to {version}; it is ready and stayed so.',
    ko: '{from}에서 {version}(으)로 업데이트했고, 준비된 상태를 유지하고 있습니다.',
  },
  'update.atNextStart': {
    en: 'Version {version} takes the place of {from} at the next start.',
    ko: '다음 시작부터 {from} 대신 {version} 버전을 사용합니다.',
  },
  'update.noRescue': {
    en: 'The rescue, which the service starts through, could not be renewed for this version: {detail}',
    ko: '서비스가 시작할 때 쓰는 복구 프로그램을 이 버전에 맞게 새로 만들지 못했습니다: {detail}',
  },
  'update.backCommand': { en: 'To go back: {command}', ko: '되돌리려면: {command}' },
  'update.tookBack': {
    en: 'Version {version} was taken back ({reason}); {from} is in force again.',
    ko: '{version} 버전을 되돌렸습니다({reason}). 다시 {from} 버전을 사용합니다.',
  },
  'update.notReady': { en: 'it did not get ready', ko: '준비되지 않음' },
  'update.stopped': { en: 'it stopped answering', ko: '응답이 멈춤' },
  'update.ended': { en: 'its agent ended by itself', ko: '에이전트가 스스로 종료됨' },
  'update.restarts': { en: 'it restarted again and again', ko: '계속 다시 시작됨' },
  'update.lost': {
    en: 'Events that were written after the switch went aside with the newer database: {count}. They are kept in {folder}.',
    ko: '전환 뒤 기록된 이벤트 {count}개는 새 데이터베이스와 함께 따로 보관했습니다: {folder}',
  },
  'update.notWell': {
    en: 'The old version is not ready yet. See what is wrong: {command}',
    ko: '이전 버전이 아직 준비되지 않았습니다. 문제를 확인해 주세요: {command}',
  },
  'update.noBack': { en: 'There is no update to go back from.', ko: '되돌릴 업데이트가 없습니다.' },
  'update.wentBack': { en: 'Version {version} is in force again.', ko: '다시 {version} 버전을 사용합니다.' },
  'update.cutOff': {
    en: 'The last update was cut off in the middle. A stop and a start settle it: {stop}, then {start}',
    ko: '마지막 업데이트가 도중에 끊겼습니다. 멈췄다가 다시 시작하면 정리됩니다: {stop} 그다음 {start}',
  },
  'update.settledUndone': {
    en: 'An update was cut off before its end; the version from before it is in force.',
    ko: '업데이트가 도중에 끊겨 그 이전 버전을 사용합니다.',
  },
} as const satisfies Messages
