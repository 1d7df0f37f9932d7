import type { Messages } from './message.ts'

/** What `ottugi init` asks, tries and does. Its flags stand in `initFlags.ts`. */
export const initMessages = {
  'init.about': {
    en: 'set Ottugi up: model, budget, notification, dashboard, service; asks in a wizard, or takes flags with --yes',
    ko: '모델, 예산, 알림, 대시보드, 서비스를 설정합니다. 마법사로 묻거나, --yes와 플래그로 설정합니다',
  },
  'init.welcome': { en: 'Ottugi: {home}', ko: '오뚝이: {home}' },
  'init.yes': { en: 'Yes', ko: '예' },
  'init.no': { en: 'No', ko: '아니요' },
  'init.needed': { en: 'Something is needed here.', ko: '값이 필요합니다.' },
  'init.badUrl': {
    en: 'Expected an address such as https://example.org.',
    ko: 'https://example.org 같은 주소를 적어 주십시오.',
  },
  'init.badAmount': { en: 'Expected an amount such as 5 or 0.50.', ko: '5나 0.50 같은 금액을 적어 주십시오.' },
  'init.badPort': { en: 'Expected a port from 0 to 65535.', ko: '0부터 65535까지의 포트를 적어 주십시오.' },
  'init.badTopic': {
    en: 'Expected letters, digits, - and _, at most 64.',
    ko: '영문자, 숫자, -, _로 64자까지 됩니다.',
  },

  'init.askLanguage': { en: 'Language', ko: '언어' },
  'init.askWhich': {
    en: 'What do you want to change? (space chooses, enter goes on)',
    ko: '무엇을 바꾸시겠습니까? (스페이스로 고르고 엔터로 진행)',
  },
  'init.section.model': { en: 'model and key', ko: '모델과 키' },
  'init.section.budget': { en: 'budget of the day / of the month', ko: '하루 / 한 달 예산' },
  'init.section.notify': { en: 'notification', ko: '알림' },
  'init.section.dashboard': { en: 'dashboard', ko: '대시보드' },
  'init.section.service': { en: 'service', ko: '서비스' },

  'init.askProvider': { en: 'Who provides the model?', ko: '어느 제공자의 모델을 쓰시겠습니까?' },
  'init.hasKey': { en: 'its key is set', ko: '키 있음' },
  'init.localFound': { en: 'runs here with {count} models', ko: '이 컴퓨터에서 실행 중, 모델 {count}개' },
  'init.askModel': { en: 'Model', ko: '모델' },
  'init.askAddress': { en: 'Address of the model server', ko: '모델 서버 주소' },
  'init.askShellKey': { en: '{name} stands in your shell. Use it?', ko: '셸에 {name}이(가) 있습니다. 사용할까요?' },
  'init.askKey': {
    en: 'Key ({name}); it is not shown. Leave it empty to set it later.',
    ko: '키({name}). 화면에 보이지 않습니다. 나중에 넣으려면 비워 두십시오.',
  },
  'init.askKeyAgain': {
    en: 'Key ({name}); it is not shown. Leave it empty to keep the present one.',
    ko: '키({name}). 화면에 보이지 않습니다. 지금 키를 그대로 쓰려면 비워 두십시오.',
  },
  'init.keyLater': {
    en: 'Without a key the agent runs and cannot answer. Later: config secret set {name}',
    ko: '키가 없으면 에이전트는 실행되지만 답하지 못합니다. 나중에: config secret set {name}',
  },
  'init.keyTrying': { en: 'Asking the model one word …', ko: '모델에 한 마디 묻는 중 …' },
  'init.keyWorks': {
    en: '{model} of {provider} answered in {latencyMs} ms for {costUsd} USD.',
    ko: '{provider}의 {model} 모델이 {latencyMs}ms 만에 답했습니다. 비용: {costUsd} USD.',
  },
  'init.keyRefused': {
    en: '{provider} does not take this key or this model ({model}): {reason}',
    ko: '{provider}에서 이 키나 모델({model})을 받아들이지 않습니다: {reason}',
  },
  'init.keyUnknown': {
    en: 'Not tried: {provider} could not be asked for {model} ({reason}). The key is kept as it is.',
    ko: '확인하지 못했습니다: {provider}에 {model} 모델을 물을 수 없었습니다({reason}). 키는 그대로 둡니다.',
  },
  'init.askAfterRefusal': { en: 'And now?', ko: '어떻게 할까요?' },
  'init.choiceAgain': { en: 'try again', ko: '다시 입력' },
  'init.choiceKeep': { en: 'keep it all the same', ko: '그래도 그대로 사용' },
  'init.choiceLeave': { en: 'leave it out', ko: '설정하지 않음' },

  'init.askDay': { en: 'Most that model calls may cost a day, in USD', ko: '하루에 모델 호출에 쓸 최대 금액(USD)' },
  'init.askMonth': {
    en: 'Most that they may cost a month, in USD (0: no limit)',
    ko: '한 달 최대 금액(USD, 0은 제한 없음)',
  },

  'init.askNotify': { en: 'How are you told when you are needed?', ko: '도움이 필요할 때 어떻게 알려 드릴까요?' },
  'init.askNotifyAgain': {
    en: 'Another way to be told? Now: {present}',
    ko: '알림 방법을 추가하거나 바꿀까요? 지금: {present}',
  },
  'init.notify.none': { en: 'not now', ko: '지금은 하지 않음' },
  'init.notify.ntfy': { en: 'ntfy (free app for the phone)', ko: 'ntfy(무료 휴대폰 앱)' },
  'init.notify.telegram': { en: 'Telegram', ko: '텔레그램' },
  'init.notify.email': { en: 'mail', ko: '메일' },
  'init.notify.webhook': { en: 'webhook (Slack, Discord, Teams …)', ko: '웹훅(Slack, Discord, Teams 등)' },
  'init.askTopic': { en: 'Topic: whoever knows it reads the alerts', ko: '토픽: 아는 사람은 누구나 알림을 읽습니다' },
  'init.askServer': { en: 'Server', ko: '서버' },
  'init.askSubscribed': {
    en: 'Subscribe to {topic} in the ntfy app. Done?',
    ko: 'ntfy 앱에서 {topic} 토픽을 구독해 주십시오. 하셨습니까?',
  },
  'init.subscribe': {
    en: 'Subscribe to {topic} in the ntfy app: whoever knows it reads the alerts.',
    ko: 'ntfy 앱에서 {topic} 토픽을 구독해 주십시오. 토픽을 아는 사람은 누구나 알림을 읽습니다.',
  },
  'init.askBotToken': {
    en: 'Token of the bot (from @BotFather); it is not shown',
    ko: '봇 토큰(@BotFather에서 발급). 화면에 보이지 않습니다',
  },
  'init.askChat': {
    en: 'Number of the chat; empty to pair it later',
    ko: '채팅 번호. 나중에 연결하려면 비워 두십시오',
  },
  'init.pairLater': { en: 'Pair the chat afterwards: {command}', ko: '나중에 채팅을 연결해 주십시오: {command}' },
  'init.askMailHost': { en: 'Mail server', ko: '메일 서버' },
  'init.askMailPort': { en: 'Its port', ko: '포트' },
  'init.askMailUser': { en: 'User name there; empty for none', ko: '사용자 이름. 없으면 비워 두십시오' },
  'init.askMailPassword': { en: 'Password; it is not shown', ko: '비밀번호. 화면에 보이지 않습니다' },
  'init.askMailFrom': { en: 'Sender', ko: '보내는 주소' },
  'init.askMailTo': { en: 'Recipient', ko: '받는 주소' },
  'init.askWebhook': { en: 'Address of the webhook; it is not shown', ko: '웹훅 주소. 화면에 보이지 않습니다' },
  'init.askFormat': { en: 'Format', ko: '형식' },
  'init.notifyTrying': { en: 'Sending a test message …', ko: '시험 메시지를 보내는 중 …' },
  'init.testBody': {
    en: 'This is how you will be told when Ottugi needs you.',
    ko: '오뚝이에 도움이 필요하면 이렇게 알려 드립니다.',
  },
  'init.notifySent': {
    en: 'The test message was taken. Did it arrive?',
    ko: '시험 메시지를 보냈습니다. 도착했는지 확인해 주십시오.',
  },
  'init.notifyFailed': {
    en: 'The test message was not taken: {reason}',
    ko: '시험 메시지를 보내지 못했습니다: {reason}',
  },
  'init.notifyNone': { en: 'There is no such channel.', ko: '그런 알림 방법이 없습니다.' },

  'init.askHost': { en: 'Who may reach the dashboard?', ko: '대시보드에 누가 접속할 수 있게 할까요?' },
  'init.hostThis': { en: 'this machine only', ko: '이 컴퓨터만' },
  'init.hostTailnet': { en: 'your Tailscale network ({address})', ko: '내 Tailscale 네트워크({address})' },
  'init.hostAll': { en: 'every machine in reach', ko: '접근할 수 있는 모든 컴퓨터' },
  'init.hostAllHint': {
    en: 'not encrypted: only in a network that you trust',
    ko: '암호화되지 않으므로 믿는 네트워크에서만',
  },
  'init.askPort': { en: 'Port of the dashboard', ko: '대시보드 포트' },
  'init.askPublicUrl': {
    en: 'Address under which a reverse proxy shows it; empty for none',
    ko: '리버스 프록시로 공개하는 주소. 없으면 비워 두십시오',
  },
  'init.phoneHint': {
    en: 'From your phone: tailscale serve {port}, or a reverse proxy with https. See docs/install.md.',
    ko: '휴대폰에서 보려면 tailscale serve {port} 또는 https 리버스 프록시를 쓰십시오. docs/install.md를 참고해 주십시오.',
  },
  'init.askService': { en: 'What keeps it running?', ko: '무엇으로 계속 실행할까요?' },
  'init.service.user': {
    en: 'a service of your user (after logout and reboot too)',
    ko: '내 사용자 서비스(로그아웃, 재부팅 뒤에도 실행)',
  },
  'init.service.system': {
    en: 'a service of the machine, with a user of its own',
    ko: '전용 사용자로 도는 시스템 서비스',
  },
  'init.service.none': { en: 'nothing: I start it myself', ko: '없음: 직접 시작합니다' },
  'init.noService': {
    en: 'There is no systemd or launchd here, so no service can be installed.',
    ko: '이 환경에는 systemd나 launchd가 없어 서비스를 설치할 수 없습니다.',
  },
  'init.serviceThere': { en: 'The service is installed: {path}', ko: '서비스가 설치되어 있습니다: {path}' },
  'init.passing': {
    en: 'This program lies in a folder of {manager} that may be removed ({path}). Install it for good before the service: {command}',
    ko: '이 프로그램은 {manager}이(가) 언제든 지울 수 있는 폴더({path})에 있습니다. 서비스보다 먼저 제대로 설치해 주십시오: {command}',
  },
  'init.askStart': { en: 'Start now? ({command})', ko: '지금 시작할까요? ({command})' },
  'init.askWrite': { en: 'Do this?', ko: '이대로 할까요?' },

  'init.wouldSet': { en: '{file}:', ko: '{file}:' },
  'init.wouldKeep': { en: '{file}: {name} (not shown)', ko: '{file}: {name}(값은 보이지 않습니다)' },
  'init.wouldRun': { en: 'then: {command}', ko: '그다음: {command}' },
  'init.dryRun': { en: 'Nothing was written.', ko: '아무것도 쓰지 않았습니다.' },
  'init.nothing': { en: 'Nothing to change.', ko: '바꿀 것이 없습니다.' },
  'init.written': { en: 'Everything is written.', ko: '모두 저장했습니다.' },
  'init.notWritten': {
    en: 'Not written ({reason}); all is as it was.',
    ko: '저장하지 못했습니다({reason}). 모두 그대로입니다.',
  },
  'init.cancelled': { en: 'Nothing was changed.', ko: '아무것도 바꾸지 않았습니다.' },
  'init.next': { en: 'Start it: {command}', ko: '시작하기: {command}' },
  'init.noTerminal': {
    en: 'There is no terminal to ask at. Answer with flags: {command} … Flags: {flags}',
    ko: '물을 수 있는 터미널이 없습니다. 플래그로 답해 주십시오: {command} … 플래그: {flags}',
  },
} as const satisfies Messages
