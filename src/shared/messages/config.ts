import type { Messages } from './message.ts'

/** What `ottugi config` says. */
export const configMessages = {
  'config.about': { en: 'show, change and check the settings', ko: '설정을 보고, 바꾸고, 확인합니다' },
  'config.aboutJson': { en: 'print JSON', ko: 'JSON으로 출력합니다' },
  'config.aboutList': {
    en: 'all settings, their values and where they come from',
    ko: '모든 설정과 그 값, 출처를 표시합니다',
  },
  'config.aboutGet': { en: 'one value', ko: '설정 하나의 값을 표시합니다' },
  'config.aboutSet': {
    en: 'change one setting in ottugi.yaml; a list is [a, b] or a,b',
    ko: 'ottugi.yaml의 설정 하나를 바꿉니다. 목록은 [a, b] 또는 a,b로 씁니다',
  },
  'config.aboutReset': {
    en: 'take one setting out of ottugi.yaml, so that its default counts',
    ko: 'ottugi.yaml에서 설정 하나를 지워 기본값으로 되돌립니다',
  },
  'config.aboutValidate': {
    en: 'check everything; exits 78 and names all problems when something is wrong',
    ko: '전체를 확인합니다. 문제가 있으면 모두 알리고 종료 코드 78로 끝납니다',
  },
  'config.aboutPath': { en: 'where ottugi.yaml is', ko: 'ottugi.yaml의 위치를 표시합니다' },
  'config.aboutEdit': {
    en: 'open a copy in your editor; it is checked before it replaces ottugi.yaml',
    ko: '사본을 편집기로 엽니다. 확인한 뒤에만 ottugi.yaml을 교체합니다',
  },
  'config.aboutSecret': {
    en: 'the secrets in .env; their values are never shown',
    ko: '.env의 비밀 값을 관리합니다. 값은 표시하지 않습니다',
  },
  'config.aboutSecretSet': {
    en: 'read a value from standard input, or unseen from the terminal, into .env',
    ko: '표준 입력이나 터미널(입력 숨김)에서 값을 읽어 .env에 저장합니다',
  },
  'config.aboutSecretList': { en: 'the names, never the values', ko: '이름만 표시하고 값은 표시하지 않습니다' },
  'config.unknownKey': {
    en: 'There is no setting {key}. All names: {command}',
    ko: '{key} 설정은 없습니다. 전체 이름 보기: {command}',
  },
  'config.unknownKeyNearest': {
    en: 'There is no setting {key}. Did you mean {nearest}?',
    ko: '{key} 설정은 없습니다. {nearest} 설정을 의도하셨습니까?',
  },
  'config.saved': { en: 'Saved {key} = {value}.', ko: '저장했습니다: {key} = {value}' },
  'config.wasReset': {
    en: '{key} is back to its default: {value}.',
    ko: '기본값으로 되돌렸습니다: {key} = {value}',
  },
  'config.removed': {
    en: 'Removed {key}, which is no setting.',
    ko: '설정이 아닌 항목을 삭제했습니다: {key}',
  },
  'config.nothingChanged': { en: 'Nothing changed.', ko: '변경된 내용이 없습니다.' },
  'config.takesEffect': {
    en: 'It takes effect at the next start: {command}',
    ko: '다음 시작 때 적용됩니다: {command}',
  },
  'config.overridden': {
    en: 'For now {source} goes before it, with {name}.',
    ko: '현재는 {source}의 {name} 값이 우선합니다.',
  },
  'config.sourceEnvironment': { en: 'the environment', ko: '환경 변수' },
  'config.notSaved': { en: 'Nothing was saved. What is wrong:', ko: '저장하지 않았습니다. 문제:' },
  'config.invalid': { en: 'The settings are not valid:', ko: '설정이 올바르지 않습니다:' },
  'config.valid': { en: 'The settings are valid: {file}', ko: '설정이 올바릅니다: {file}' },
  'config.writeFailed': { en: 'Cannot write {file}: {reason}', ko: '{file} 파일에 쓸 수 없습니다: {reason}' },
  'config.editNeedsTerminal': {
    en: 'An editor needs a terminal. Without one use: {command}',
    ko: '편집기를 열려면 터미널이 필요합니다. 터미널이 없으면 다음 명령을 사용하십시오: {command}',
  },
  'config.editNeedsEditor': {
    en: 'No editor is named. Set VISUAL or EDITOR, for example: EDITOR=nano {command}',
    ko: '편집기가 지정되지 않았습니다. VISUAL 또는 EDITOR를 지정하십시오. 예: EDITOR=nano {command}',
  },
  'config.editResumed': {
    en: 'Going on with the copy that was kept last time: {file}',
    ko: '지난번에 보관한 사본으로 계속합니다: {file}',
  },
  'config.editorFailed': {
    en: 'The editor ended with an error ({code}); the settings are as they were. Your copy: {file}',
    ko: '편집기가 오류({code})로 끝났습니다. 설정은 그대로입니다. 사본: {file}',
  },
  'config.editKept': {
    en: 'The settings are as they were. Your copy is kept, and is opened again by the next edit: {file}',
    ko: '설정은 그대로입니다. 사본을 보관했으며 다음 편집 때 다시 엽니다: {file}',
  },
  'config.editRaced': {
    en: 'The settings were changed by somebody else meanwhile; nothing was replaced. Your copy: {file}',
    ko: '그동안 다른 곳에서 설정이 변경되어 교체하지 않았습니다. 사본: {file}',
  },
  'config.editSaved': { en: 'Saved {file}.', ko: '저장했습니다: {file}' },
  'config.secretPrompt': { en: 'Value of {name} (not shown): ', ko: '{name} 값(표시하지 않음): ' },
  'config.secretSaved': {
    en: 'Saved {name} in {file} (mode 600).',
    ko: '{name} 값을 {file}에 저장했습니다(권한 600).',
  },
  'config.secretEmpty': {
    en: 'No value came. Hand it over on standard input, for example: {command} < file',
    ko: '값이 없습니다. 표준 입력으로 전달하십시오. 예: {command} < file',
  },
  'config.secretBadName': {
    en: '{name} cannot be the name of a secret: expected letters, digits and _, such as ANTHROPIC_API_KEY.',
    ko: '{name}은(는) 비밀 이름으로 쓸 수 없습니다. ANTHROPIC_API_KEY처럼 영문자, 숫자, _만 사용하십시오.',
  },
  'config.secretIsSetting': {
    en: '{name} is a setting, not a secret. Use: {command}',
    ko: '{name}은(는) 비밀이 아니라 설정입니다. 다음 명령을 사용하십시오: {command}',
  },
  'config.secretNewline': {
    en: 'The value of {name} holds a line break or another control character; a secret is one line.',
    ko: '{name} 값에 줄바꿈이나 제어 문자가 있습니다. 비밀 값은 한 줄이어야 합니다.',
  },
  'config.secretUnquotable': {
    en: 'The value of {name} cannot be written to .env so that it reads back the same. Write that line by hand.',
    ko: '{name} 값을 .env에 그대로 기록할 수 없습니다. 해당 줄을 직접 작성하십시오.',
  },
  'config.noSecrets': { en: 'There are no secrets in {file}.', ko: '{file}에 비밀 값이 없습니다.' },
  'config.headKey': { en: 'SETTING', ko: '설정' },
  'config.headValue': { en: 'VALUE', ko: '값' },
  'config.headSource': { en: 'FROM', ko: '출처' },
} as const satisfies Messages
