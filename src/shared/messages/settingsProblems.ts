import type { Messages } from './message.ts'

/** What is wrong with a setting, what was expected, what to do. */
export const settingsProblemsMessages = {
  'problem.sentence': {
    en: '{place}: {subject}: expected {expected}, got {got}. {todo}',
    ko: '{place}: {subject}: 필요한 값: {expected}. 현재 값: {got}. {todo}',
  },
  'problem.sentenceOfFile': {
    en: '{place}: expected {expected}, got {got}. {todo}',
    ko: '{place}: 필요한 것: {expected}. 현재 상태: {got}. {todo}',
  },
  'problem.unknownName': {
    en: '{place}: {subject}: there is no setting of this name. {todo}',
    ko: '{place}: {subject}: 이런 이름의 설정은 없습니다. {todo}',
  },
  'problem.placeLine': { en: '{where}, line {line}, column {column}', ko: '{where} {line}행 {column}열' },
  'problem.placeLineOnly': { en: '{where}, line {line}', ko: '{where} {line}행' },
  'problem.placeEnvironment': { en: 'environment', ko: '환경 변수' },

  'expected.wholeNumber': { en: 'a whole number from {min} to {max}', ko: '{min} 이상 {max} 이하의 정수' },
  'expected.number': { en: 'a number from {min} to {max}', ko: '{min} 이상 {max} 이하의 숫자' },
  'expected.oneOf': { en: 'one of: {words}', ko: '다음 중 하나: {words}' },
  'expected.boolean': { en: 'true or false', ko: 'true 또는 false' },
  'expected.text': { en: 'a text that is not empty', ko: '비어 있지 않은 문자열' },
  'expected.host': { en: 'a host name or an IP address, without a port', ko: '포트를 뺀 호스트 이름 또는 IP 주소' },
  'expected.url': {
    en: 'an address that begins with http:// or https:// and holds no user name or password',
    ko: 'http:// 또는 https://로 시작하고 사용자 이름과 비밀번호가 없는 주소',
  },
  'expected.variable': {
    en: 'the name (not the value) of a variable in .env, such as ANTHROPIC_API_KEY, that does not begin with OTTUGI_',
    ko: 'ANTHROPIC_API_KEY처럼 .env에 있는 변수의 이름(값이 아님, OTTUGI_로 시작할 수 없음)',
  },
  'expected.variables': {
    en: 'a list of names of environment variables, such as [HTTPS_PROXY]',
    ko: '[HTTPS_PROXY]와 같은 환경 변수 이름의 목록',
  },
  'expected.commands': {
    en: 'a list of names of commands, such as [git, rg]',
    ko: '[git, rg]와 같은 명령 이름의 목록',
  },
  'expected.optionalUrl': {
    en: 'an address that begins with http:// or https:// and holds no user name or password, or an empty text',
    ko: 'http:// 또는 https://로 시작하고 사용자 이름과 비밀번호가 없는 주소, 또는 빈 문자열',
  },
  'expected.basePath': {
    en: 'a path such as /ottugi, without a slash at its end, or an empty text',
    ko: '/ottugi처럼 끝에 빗금이 없는 경로, 또는 빈 문자열',
  },
  'expected.proxies': {
    en: 'a list of IP addresses or nets, such as [127.0.0.1, 10.0.0.0/8]',
    ko: 'IP 주소 또는 네트워크 목록. 예: [127.0.0.1, 10.0.0.0/8]',
  },
  'expected.optionalVariable': {
    en: 'the name (not the value) of a variable in .env that does not begin with OTTUGI_, or an empty text',
    ko: '.env에 있는 변수의 이름(값이 아님, OTTUGI_로 시작할 수 없음) 또는 빈 문자열',
  },
  'expected.timeOfDay': {
    en: 'a time of day such as "22:00", or an empty text',
    ko: '"22:00"과 같은 시각 또는 빈 문자열',
  },
  'expected.timeZone': {
    en: 'the name of a time zone such as Asia/Seoul, or an empty text',
    ko: 'Asia/Seoul과 같은 시간대 이름 또는 빈 문자열',
  },
  'expected.channels': {
    en: 'a list of channels, each with a type and a name, such as type: ntfy, name: phone (see docs/alerts.md)',
    ko: 'type: ntfy, name: phone처럼 종류와 이름이 있는 채널의 목록(docs/alerts.md 참고)',
  },
  'expected.channelNames': { en: 'channels with names of their own', ko: '이름이 서로 다른 채널' },
  'expected.mailTls': {
    en: 'tls: implicit or starttls; none is for a mail server on this machine only',
    ko: 'tls: implicit 또는 starttls. none은 이 컴퓨터에 있는 메일 서버에만 쓸 수 있습니다',
  },
  'expected.webhookTemplate': {
    en: 'a template together with format: template, and none without it',
    ko: 'format: template일 때만 template 값',
  },
  'expected.section': { en: 'a group of settings (name: value)', ko: '설정 묶음(이름: 값)' },
  'expected.knownKey': { en: 'the name of a setting', ko: '알려진 설정 이름' },
  'expected.noSecret': {
    en: 'variables that hold no secret (no KEY, TOKEN, SECRET or PASSWORD in the name)',
    ko: '비밀 값이 아닌 변수(이름에 KEY, TOKEN, SECRET, PASSWORD가 없는 것)',
  },
  'expected.atLeastKey': {
    en: 'at least as much as {other}, which is {limit} {unit}',
    ko: '{other}의 값({limit} {unit}) 이상',
  },
  'expected.otherPort': {
    en: 'another port than {other}, which is {port}; or 0 for any free one',
    ko: '{other}의 값({port})과 다른 포트 또는 0(빈 포트 자동 선택)',
  },
  'expected.loopbackHost': {
    en: 'an address of this machine only (127.0.0.1, ::1 or localhost) while there is no OTTUGI_TOKEN of 16 characters or more',
    ko: '16자 이상인 OTTUGI_TOKEN이 없는 동안에는 이 컴퓨터 전용 주소(127.0.0.1, ::1, localhost)',
  },
  'expected.yaml': { en: 'YAML that can be read', ko: '읽을 수 있는 YAML' },
  'expected.map': { en: 'settings, one "name: value" a line', ko: '한 줄에 하나씩 "이름: 값" 형식의 설정' },
  'expected.readableFile': { en: 'a file that this user can read', ko: '이 사용자가 읽을 수 있는 파일' },
  'expected.writableFile': { en: 'a file that this user can write', ko: '이 사용자가 쓸 수 있는 파일' },
  'expected.smallFile': { en: 'a file of at most {maxKib} KiB', ko: '최대 {maxKib} KiB 크기의 파일' },
  'expected.utf8': { en: 'a text file in UTF-8', ko: 'UTF-8 텍스트 파일' },

  'got.nothing': { en: 'nothing', ko: '값 없음' },
  'got.list': { en: 'a list', ko: '목록' },
  'got.group': { en: 'a group of settings', ko: '설정 묶음' },
  'got.value': { en: '{value}', ko: '{value}' },
  'got.hidden': { en: 'a value of {length} characters (not shown)', ko: '{length}자 길이의 값(표시하지 않음)' },
  'got.folder': { en: 'a folder', ko: '폴더' },
  'got.notAFile': { en: 'something that is no file', ko: '파일이 아닌 것' },
  'got.fileError': { en: 'the error {code}', ko: '오류 {code}' },
  'got.size': { en: '{kib} KiB', ko: '{kib} KiB' },
  'got.otherBytes': { en: 'other bytes', ko: '다른 형식의 바이트' },

  'todo.didYouMean': { en: 'Did you mean {suggestion}?', ko: '{suggestion} 설정을 의도하셨습니까?' },
  'todo.removeKey': {
    en: 'Remove it; docs/settings.md lists the names that exist.',
    ko: '해당 항목을 삭제하십시오. 사용할 수 있는 이름은 docs/settings.md에 있습니다.',
  },
  'todo.correctLine': { en: 'Correct this line.', ko: '이 줄을 수정하십시오.' },
  'todo.otherValue': { en: 'Give another value.', ko: '다른 값을 지정하십시오.' },
  'todo.correctFile': { en: 'Correct {where}.', ko: '{where} 파일을 수정하십시오.' },
  'todo.correctVariable': {
    en: 'Correct the environment variable {name}, or unset it.',
    ko: '환경 변수 {name} 값을 수정하거나 해제하십시오.',
  },
  'todo.secretsInEnv': {
    en: 'Put the secret into .env instead: the processes read it from there.',
    ko: '비밀 값은 .env에 넣으십시오. 프로세스가 그곳에서 읽습니다.',
  },
  'todo.setToken': {
    en: 'Use 127.0.0.1, or put OTTUGI_TOKEN into .env first.',
    ko: '127.0.0.1을 사용하거나 먼저 .env에 OTTUGI_TOKEN을 넣으십시오.',
  },
  'todo.fileRights': {
    en: 'Check what {where} is, and its owner and rights.',
    ko: '{where} 파일의 종류와 소유자, 권한을 확인하십시오.',
  },
} as const satisfies Messages
