import type { Messages } from './message.ts'

/** Notifications: they go to other people's servers, so they hold these words only, and never a command, a path or a text from a log. */
export const notifyMessages = {
  'notify.title.critical': {
    en: 'Ottugi on {host} needs you: {what}',
    ko: '{host}의 오뚝이가 도움을 기다립니다: {what}',
  },
  'notify.title.warning': {
    en: 'Ottugi on {host}, please look: {what}',
    ko: '{host}의 오뚝이를 확인해 주십시오: {what}',
  },
  'notify.title.info': {
    en: 'Ottugi on {host} got up again: {what}',
    ko: '{host}의 오뚝이가 스스로 일어났습니다: {what}',
  },
  'notify.title.worse': { en: 'Worse now on {host}: {what}', ko: '{host}의 상태가 더 나빠졌습니다: {what}' },
  'notify.title.reminder': { en: 'Still open on {host}: {what}', ko: '{host}에서 아직 해결되지 않았습니다: {what}' },
  'notify.title.recovery': { en: 'Well again on {host}: {what}', ko: '{host}에서 해결되었습니다: {what}' },
  'notify.title.summary': {
    en: 'Ottugi on {host}: while it was quiet',
    ko: '{host}의 오뚝이: 조용한 시간 동안 있었던 일',
  },
  'notify.title.failure': {
    en: 'Ottugi on {host}: the channel {channel} does not work',
    ko: '{host}의 오뚝이: {channel} 채널이 작동하지 않습니다',
  },
  'notify.title.test': { en: 'Ottugi on {host}: a test message', ko: '{host}의 오뚝이: 시험 메시지' },
  'notify.title.reply': { en: 'Ottugi on {host}: done', ko: '{host}의 오뚝이: 처리했습니다' },

  'notify.title.result': { en: 'Ottugi on {host}: {name}', ko: '{host}의 오뚝이: {name}' },
  'notify.title.noResult': {
    en: 'Ottugi on {host}: no result of {name}',
    ko: '{host}의 오뚝이: {name} 결과 없음',
  },
  'notify.resultCut': {
    en: 'The rest is on that machine, in the session {run}.',
    ko: '나머지는 그 컴퓨터의 세션 {run}에 있습니다.',
  },
  'notify.end.budget': { en: 'A budget was used up.', ko: '예산을 모두 썼습니다.' },
  'notify.end.cancelled': { en: 'It was cancelled.', ko: '취소되었습니다.' },
  'notify.end.rounds': { en: 'It took too many answers of the model.', ko: '모델 응답 횟수 한도에 이르렀습니다.' },
  'notify.end.repeated': { en: 'It repeated the same call.', ko: '같은 호출을 되풀이했습니다.' },
  'notify.end.cut': { en: 'The answer was cut at its longest length.', ko: '답변이 최대 길이에서 잘렸습니다.' },
  'notify.end.notRun': { en: 'It could not be run.', ko: '실행하지 못했습니다.' },
  'notify.end.failed': { en: 'The model could not answer.', ko: '모델이 답하지 못했습니다.' },

  'notify.since': { en: '{id}, since {at}.', ko: '{id}, {at}부터입니다.' },
  'notify.over': { en: 'Over at {at}. It lasted {duration}.', ko: '{at}에 끝났습니다. {duration} 동안 이어졌습니다.' },
  'notify.tried': { en: 'Tried: {list}.', ko: '시도한 일: {list}.' },
  'notify.helped': { en: 'What was done: {list}.', ko: '한 일: {list}.' },
  'notify.nothingTried': { en: 'No known repair fits.', ko: '맞는 수리 방법을 찾지 못했습니다.' },
  'notify.next': { en: 'Next: {what}', ko: '다음 할 일: {what}' },
  'notify.details': {
    en: 'The alert file on that machine says more, with the command.',
    ko: '자세한 내용과 명령은 그 컴퓨터의 알림 파일에 있습니다.',
  },
  'notify.flapped': { en: 'It came and went {count} times before.', ko: '그 전에 {count}번 나타났다 사라졌습니다.' },
  'notify.nobody': { en: 'Nobody has acknowledged it yet.', ko: '아직 아무도 확인하지 않았습니다.' },
  'notify.missed': { en: '{what}: {count}', ko: '{what}: {count}회' },
  'notify.failureBody': {
    en: 'Messages on it were refused. Correct its settings or its secret; the list of alerts tells the reason.',
    ko: '그 채널의 메시지가 거부되었습니다. 설정이나 비밀 값을 고쳐 주십시오. 이유는 알림 목록에 있습니다.',
  },
  'notify.testBody': {
    en: 'If you can read this, alerts reach you here.',
    ko: '이 글이 보이면 알림이 이곳으로 잘 도착합니다.',
  },
  'notify.replyAck': { en: 'Acknowledged: {id}.', ko: '확인했습니다: {id}.' },
  'notify.replyUnknown': { en: 'There is no open alert {id}.', ko: '열린 알림 {id}이(가) 없습니다.' },
  'notify.replySafeModeOn': { en: 'Safe mode was asked for.', ko: '안전 모드를 요청했습니다.' },
  'notify.replySafeModeOff': { en: 'The end of safe mode was asked for.', ko: '안전 모드 해제를 요청했습니다.' },
  'notify.telegramHint': { en: 'Answer /ack {id} to acknowledge.', ko: '/ack {id}로 답하면 확인 처리됩니다.' },
  'notify.duration': { en: '{hours} h {minutes} min', ko: '{hours}시간 {minutes}분' },

  'notify.fault.agent': { en: 'the agent does not stay up', ko: '에이전트가 계속 실행되지 못합니다' },
  'notify.fault.hang': { en: 'the agent hangs', ko: '에이전트가 응답하지 않습니다' },
  'notify.fault.settings': { en: 'the settings cannot be used', ko: '설정을 사용할 수 없습니다' },
  'notify.fault.key': { en: 'the key of the model is missing or refused', ko: '모델 키가 없거나 거부되었습니다' },
  'notify.fault.port': { en: 'a port is taken by another program', ko: '다른 프로그램이 포트를 쓰고 있습니다' },
  'notify.fault.disk': { en: 'the disk is full or nearly full', ko: '디스크가 가득 찼거나 거의 찼습니다' },
  'notify.fault.database': { en: 'a database is damaged', ko: '데이터베이스가 손상되었습니다' },
  'notify.fault.packages': { en: 'packages are missing or damaged', ko: '패키지가 없거나 손상되었습니다' },
  'notify.fault.files': {
    en: 'files or folders have the wrong owner, kind or mode',
    ko: '파일이나 폴더의 소유자, 종류 또는 권한이 잘못되었습니다',
  },
  'notify.fault.leftovers': {
    en: 'something of an earlier life is in the way',
    ko: '이전 실행이 남긴 것이 방해하고 있습니다',
  },
  'notify.fault.memory': { en: 'memory or descriptors ran out', ko: '메모리나 파일 디스크립터가 부족합니다' },
  'notify.fault.clock': { en: 'the clock of the machine is wrong', ko: '컴퓨터의 시계가 맞지 않습니다' },
  'notify.fault.record': { en: 'the record of repairs is not as it was written', ko: '수리 기록이 변경되었습니다' },
  'notify.fault.supervisor': {
    en: 'the supervisor or one of its processes broke',
    ko: '관리 프로세스가 중단되었습니다',
  },
  'notify.fault.approval': { en: 'a question waits for your answer', ko: '답을 기다리는 질문이 있습니다' },
  'notify.fault.other': { en: 'something that no check knows', ko: '알려지지 않은 문제가 생겼습니다' },

  'notify.look': { en: 'let the doctor on that machine look at it', ko: '그 컴퓨터에서 진단을 실행해 주십시오' },
  'notify.next.settings': {
    en: 'correct the settings; it starts again by itself',
    ko: '설정을 고쳐 주십시오. 스스로 다시 시작합니다',
  },
  'notify.next.key': {
    en: 'put a valid key in place; it is used at once',
    ko: '올바른 키를 넣어 주십시오. 바로 사용됩니다',
  },
  'notify.next.port': { en: 'free the port, or choose another one', ko: '포트를 비우거나 다른 포트를 지정해 주십시오' },
  'notify.next.disk': { en: 'make room on the disk', ko: '디스크 공간을 확보해 주십시오' },
  'notify.next.packages': { en: 'install the packages anew', ko: '패키지를 다시 설치해 주십시오' },
  'notify.next.files': {
    en: 'give the files back to the user that runs it',
    ko: '파일의 소유권과 권한을 되돌려 주십시오',
  },
  'notify.next.approval': {
    en: 'answer it on the dashboard or on that machine',
    ko: '대시보드나 그 컴퓨터에서 답해 주십시오',
  },

  'notify.did.restart': { en: 'started again', ko: '다시 시작' },
  'notify.did.end': { en: 'ended what hung', ko: '멈춘 프로세스 종료' },
  'notify.did.guardian': { en: 'looked at by the guardian', ko: '가디언 점검' },
  'notify.did.settings': { en: 'put the last good settings back', ko: '마지막 정상 설정 복원' },
  'notify.did.database': { en: 'restored the database', ko: '데이터베이스 복원' },
  'notify.did.packages': { en: 'installed the packages anew', ko: '패키지 다시 설치' },
  'notify.did.room': { en: 'made room on the disk', ko: '디스크 공간 확보' },
  'notify.did.files': { en: 'put files and folders right', ko: '파일과 폴더 정리' },
  'notify.did.port': { en: 'took another port', ko: '다른 포트 사용' },
  'notify.did.safeMode': { en: 'went into safe mode', ko: '안전 모드 전환' },
  'notify.did.parked': { en: 'set aside what made it fall', ko: '문제를 일으킨 작업 보류' },
  'notify.did.memory': { en: 'changed the memory limit', ko: '메모리 한도 변경' },
  'notify.did.other': { en: 'another repair', ko: '그 밖의 수리' },

  'notify.why.http': { en: 'the server answered {status}', ko: '서버가 {status}(으)로 응답했습니다' },
  'notify.why.redirect': { en: 'the server sent us to another address', ko: '서버가 다른 주소로 보냈습니다' },
  'notify.why.network': { en: 'the server cannot be reached ({code})', ko: '서버에 연결할 수 없습니다({code})' },
  'notify.why.timeout': { en: 'no answer in time', ko: '제때 응답이 없었습니다' },
  'notify.why.secret': { en: '{name} is not set in .env', ko: '.env에 {name}이(가) 없습니다' },
  'notify.why.address': { en: '{name} in .env holds no web address', ko: '.env의 {name}이(가) 웹 주소가 아닙니다' },
  'notify.why.smtp': { en: 'the mail server refused it ({code})', ko: '메일 서버가 거부했습니다({code})' },
  'notify.why.program': {
    en: 'the program {program} cannot be run ({code})',
    ko: '{program} 프로그램을 실행할 수 없습니다({code})',
  },
  'notify.why.exit': {
    en: 'the program {program} ended with {code}',
    ko: '{program} 프로그램이 {code}(으)로 끝났습니다',
  },
  'notify.why.template': { en: 'the template makes no JSON', ko: '템플릿 결과가 JSON이 아닙니다' },
  'notify.why.package': { en: 'a package is missing or damaged', ko: '패키지가 없거나 손상되었습니다' },
  'notify.why.gone': { en: 'the channel is no longer in the settings', ko: '설정에 없는 채널입니다' },
  'notify.why.tooOften': { en: 'given up after {attempts} attempts', ko: '{attempts}번 시도한 뒤 포기했습니다' },
  'notify.why.child': { en: 'the sender ended without an answer', ko: '전송 프로세스가 응답 없이 끝났습니다' },

  'notify.about': { en: 'the channels by which you are reached', ko: '알림을 받는 채널' },
  'notify.aboutList': { en: 'list the channels', ko: '채널 목록을 표시합니다' },
  'notify.aboutTest': {
    en: 'send a real test message and say what became of it; exits 1 when one was not delivered',
    ko: '시험 메시지를 실제로 보내고 결과를 알려 줍니다. 하나라도 실패하면 종료 코드는 1입니다',
  },
  'notify.aboutChannel': { en: 'this channel only', ko: '이 채널만' },
  'notify.aboutPair': {
    en: 'let one chat receive alerts and answer them: shows a code to send to the bot',
    ko: '알림을 받고 답할 대화방을 연결합니다. 봇에게 보낼 코드를 표시합니다',
  },
  'notify.aboutPairFor': { en: 'how long to wait: 90s, 10m', ko: '기다릴 시간: 90s, 10m' },
  'notify.none': {
    en: 'No channel is set up: alerts stand in the folder {folder} only. How to add one: docs/alerts.md',
    ko: '설정된 채널이 없어 알림은 {folder} 폴더에만 기록됩니다. 추가 방법: docs/alerts.md',
  },
  'notify.unknownChannel': {
    en: 'There is no channel {name}. There are: {names}',
    ko: '{name} 채널이 없습니다. 있는 채널: {names}',
  },
  'notify.row': { en: 'from {severity}, step {step}', ko: '{severity} 이상, {step}단계' },
  'notify.sent': { en: 'delivered', ko: '전달됨' },
  'notify.notSent': { en: 'not delivered: {reason}', ko: '전달하지 못함: {reason}' },
  'notify.pairNone': {
    en: 'There is no Telegram channel in the settings. How to add one: docs/alerts.md',
    ko: '설정에 텔레그램 채널이 없습니다. 추가 방법: docs/alerts.md',
  },
  'notify.pairCode': {
    en: 'Send this to your bot within {minutes} min, from the chat that shall receive alerts: /pair {code}',
    ko: '알림을 받을 대화방에서 {minutes}분 안에 봇에게 이렇게 보내십시오: /pair {code}',
  },
  'notify.paired': {
    en: 'Paired: alerts go to that chat, and only it may answer.',
    ko: '연결되었습니다. 알림은 그 대화방으로만 가고, 그 대화방에서만 답할 수 있습니다.',
  },
  'notify.pairTimeout': {
    en: 'Nobody sent the code in time. Nothing was changed.',
    ko: '제때 코드가 오지 않았습니다. 바뀐 것은 없습니다.',
  },
  'notify.pairFailed': { en: 'Telegram cannot be asked: {reason}', ko: '텔레그램에 물어볼 수 없습니다: {reason}' },
  'notify.pairNotSaved': {
    en: 'The chat could not be written into .env: {reason}',
    ko: '대화방을 .env에 저장하지 못했습니다: {reason}',
  },
} as const satisfies Messages
