import type { Messages } from './message.ts'

/** The help of the flags of `ottugi init`. */
export const initFlagsMessages = {
  'init.flagLanguage': { en: 'language of everything that people read', ko: '사람이 읽는 모든 글의 언어' },
  'init.flagProvider': { en: 'who provides the model', ko: '모델 제공자' },
  'init.flagModel': { en: 'the model', ko: '모델' },
  'init.flagBaseUrl': {
    en: 'where the model is called, for a server of your own',
    ko: '직접 운영하는 모델 서버의 주소',
  },
  'init.flagKeyFile': { en: 'take the key from this file (-: stdin)', ko: '키를 이 파일에서 읽습니다(-: 표준 입력)' },
  'init.flagKeyFromEnv': {
    en: "take the key from the provider's variable in this environment",
    ko: '현재 환경의 제공자 변수에서 키를 읽습니다',
  },
  'init.flagDay': { en: 'most that model calls may cost a day', ko: '하루에 모델 호출에 쓸 최대 금액' },
  'init.flagMonth': { en: 'most that they may cost a month; 0 for no limit', ko: '한 달 최대 금액. 0은 제한 없음' },
  'init.flagNotify': {
    en: 'ntfy, telegram, email, webhook or none',
    ko: 'ntfy, telegram, email, webhook 또는 none',
  },
  'init.flagNotifySecret': {
    en: 'topic, token of the bot, password or address of the webhook, from this file (-: stdin)',
    ko: '토픽, 봇 토큰, 비밀번호, 웹훅 주소를 이 파일에서 읽습니다(-: 표준 입력)',
  },
  'init.flagNtfyServer': { en: 'server of ntfy', ko: 'ntfy 서버' },
  'init.flagChat': { en: 'number of the chat', ko: '채팅 번호' },
  'init.flagMail': { en: 'for email', ko: '메일 설정' },
  'init.flagFormat': { en: 'format of the webhook', ko: '웹훅 형식' },
  'init.flagHost': { en: 'address that the dashboard listens on', ko: '대시보드가 수신할 주소' },
  'init.flagPort': { en: 'port of the dashboard', ko: '대시보드 포트' },
  'init.flagPublicUrl': {
    en: 'address under which a reverse proxy shows the dashboard',
    ko: '리버스 프록시로 공개하는 대시보드 주소',
  },
  'init.flagService': { en: 'install a service', ko: '서비스를 설치합니다' },
  'init.flagStart': { en: 'start it at the end', ko: '마지막에 시작합니다' },
  'init.flagNoTest': { en: 'try neither the key nor the message', ko: '키와 알림을 시험하지 않습니다' },
  'init.flagYes': { en: 'ask nothing: the flags are the answers', ko: '묻지 않고 플래그대로 설정합니다' },
  'init.flagDryRun': {
    en: 'print what would be done, and do nothing',
    ko: '할 일을 출력만 하고 아무것도 하지 않습니다',
  },
} as const satisfies Messages
