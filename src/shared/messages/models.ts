import type { Messages } from './message.ts'

/** Texts of `ottugi models`, and of the settings of providers. */
export const modelsMessages = {
  'cli.models': {
    en: 'the language models: which are known, what they cost, whether they answer',
    ko: '언어 모델: 알려진 모델, 가격, 응답 여부를 확인합니다',
  },
  'cli.modelsList': {
    en: 'all models of the providers that have a key, or of --all providers',
    ko: '키가 있는 제공자의 모델을 모두 표시합니다. --all이면 모든 제공자의 모델을 표시합니다',
  },
  'cli.modelsAll': { en: 'also providers without a key', ko: '키가 없는 제공자도 포함합니다' },
  'cli.modelsShow': {
    en: 'everything that is known of one model',
    ko: '모델 하나에 대해 알려진 내용을 모두 표시합니다',
  },
  'cli.modelsTest': {
    en: 'lets the running agent ask a model one tiny question',
    ko: '실행 중인 에이전트가 모델에 아주 짧은 질문을 하나 보냅니다',
  },
  'models.title': { en: 'model', ko: '모델' },
  'models.context': { en: 'context', ko: '컨텍스트' },
  'models.prices': { en: 'USD per million tokens: in / out', ko: '백만 토큰당 USD: 입력 / 출력' },
  'models.key': { en: 'key', ko: '키' },
  'models.hasKey': { en: 'set', ko: '설정됨' },
  'models.needsNoKey': { en: 'not needed', ko: '필요 없음' },
  'models.lacksKey': { en: '{variable} is missing', ko: '{variable} 없음' },
  'models.unpriced': { en: 'unpriced', ko: '가격 정보 없음' },
  'models.free': { en: 'free', ko: '무료' },
  'models.unknown': { en: 'unknown', ko: '알 수 없음' },
  'models.none': {
    en: 'No provider has a key. Set one: {setKey}, see all models: {all}',
    ko: '키가 설정된 제공자가 없습니다. 키 설정: {setKey}, 모든 모델 보기: {all}',
  },
  'models.chosen': { en: '* is the model of the settings.', ko: '*는 설정에서 고른 모델입니다.' },
  'models.localFound': {
    en: 'Ollama runs on this machine and has: {names}. Use one: {command}',
    ko: '이 컴퓨터에서 실행 중인 Ollama의 모델: {names}. 사용하려면: {command}',
  },
  'models.notFound': { en: 'There is no such model: {reason}.', ko: '그런 모델이 없습니다: {reason}.' },
  'models.provider': { en: 'provider: {provider} ({wire}), {baseUrl}', ko: '제공자: {provider}({wire}), {baseUrl}' },
  'models.keyLine': { en: 'key: {state}', ko: '키: {state}' },
  'models.contextLine': { en: 'context: {tokens} tokens', ko: '컨텍스트: {tokens} 토큰' },
  'models.contextUnknown': { en: 'context: unknown', ko: '컨텍스트: 알 수 없음' },
  'models.priceLine': {
    en: 'price in USD per million tokens: {input} read, {output} written',
    ko: '백만 토큰당 가격(USD): 입력 {input}, 출력 {output}',
  },
  'models.cacheLine': {
    en: 'of the cache: {read} read, {write} written',
    ko: '캐시: 읽기 {read}, 쓰기 {write}',
  },
  'models.unpricedLine': {
    en: 'price: unknown, so only the limits of tokens hold it. Set one in ottugi.yaml under providers.{provider}.models.',
    ko: '가격: 알 수 없으므로 토큰 한도로만 제한됩니다. ottugi.yaml의 providers.{provider}.models에서 설정할 수 있습니다.',
  },
  'models.answered': {
    en: '{model} of {provider} answered in {latencyMs} ms for {costUsd} USD.',
    ko: '{provider}의 {model} 모델이 {latencyMs}ms 만에 응답했습니다. 비용: {costUsd} USD.',
  },
  'models.silent': {
    en: '{model} of {provider} did not answer: {reason}',
    ko: '{provider}의 {model} 모델이 응답하지 않았습니다: {reason}',
  },
  'expected.providers': {
    en: 'providers by name, each with baseUrl, keyVariable, wire or models, written in ottugi.yaml (see docs/settings.md)',
    ko: '이름별 제공자 목록. 각각 baseUrl, keyVariable, wire, models를 ottugi.yaml에 적습니다(docs/settings.md 참고)',
  },
  'expected.bothPrices': {
    en: 'both inputUsdPerMTok and outputUsdPerMTok, or neither',
    ko: 'inputUsdPerMTok과 outputUsdPerMTok을 둘 다 적거나 둘 다 적지 않은 것',
  },
  'expected.providerAddress': {
    en: 'a baseUrl for every provider that is not built in (built in are those that `models list --all` shows)',
    ko: '기본 제공되지 않는 제공자의 baseUrl(기본 제공자는 `models list --all`이 보여 줍니다)',
  },
} as const satisfies Messages
