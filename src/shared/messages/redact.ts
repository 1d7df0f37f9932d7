import type { Messages } from './message.ts'

/** Texts of `redact`. */
export const redactMessages = {
  'redact.about': {
    en: 'mask secrets: reads standard input, writes it to standard output',
    ko: '비밀 값 가리기: 표준 입력을 읽어 표준 출력으로 내보냅니다',
  },
  'redact.optQuiet': { en: 'do not count the masks on standard error', ko: '가린 수를 표준 오류로 알리지 않습니다' },
  'redact.help': {
    en: `
What is masked, in this order, as [masked:<kind>]:
  value                the values of .env and of secret variables, also in base64, hex, URL and JSON, and broken over lines
  header, url, field, flag, jwt, pem
                       what its surroundings call secret: headers, addresses, key=value, options, tokens, private keys
  anthropic, github …  keys and tokens in the form of their makers
  random               long random letters that are no hash, path or identifier

Nothing needs to run, and no home is needed. It works on 64 Ki letters at a time and prints them when it is sure.
Example: {command}`,
    ko: `
다음 순서로 찾아 [masked:<종류>]로 가립니다:
  value                .env와 비밀 환경 변수의 값. base64, 16진수, URL, JSON으로 바뀌었거나 줄이 나뉘어도 찾습니다
  header, url, field, flag, jwt, pem
                       주변 글이 비밀이라고 말하는 것: 헤더, 주소, 키=값, 옵션, 토큰, 개인 키
  anthropic, github …  서비스마다 정해진 모양의 키와 토큰
  random               해시, 경로, 식별자가 아닌 길고 무작위인 글자

실행 중인 것이나 홈이 없어도 작동합니다. 6만 5천 글자 정도씩 모아, 확실해지면 내보냅니다.
예: {command}`,
  },
  'redact.waiting': {
    en: 'Reading from the terminal. Ctrl+D ends the text.',
    ko: '터미널에서 읽고 있습니다. Ctrl+D를 누르면 끝납니다.',
  },
  'redact.masked': { en: 'Masked {count}: {kinds}.', ko: '{count}개를 가렸습니다: {kinds}.' },
  'redact.nothing': { en: 'Nothing to mask was found.', ko: '가릴 것을 찾지 못했습니다.' },
} as const satisfies Messages
