import type { Messages } from './message.ts'

/** Texts of budgets, of waiting for a model, and of `costs`. */
export const costsMessages = {
  'costs.limit.run': { en: 'this run', ko: '이 실행' },
  'costs.limit.session': { en: 'this session', ko: '이 세션' },
  'costs.limit.job': { en: 'this job, today', ko: '이 예약 작업의 오늘분' },
  'costs.limit.day': { en: 'today', ko: '오늘' },
  'costs.limit.month': { en: 'this month', ko: '이번 달' },
  'costs.overUsd': {
    en: '{of}: {used} of {most} are used, and this call may cost up to {worst} ({setting})',
    ko: '{of} 예산 {most} 중 {used}를 썼는데, 이번 호출에 최대 {worst}가 들 수 있습니다({setting})',
  },
  'costs.overTokens': {
    en: '{of}: {used} of {most} tokens are used, and this call may take up to {worst} ({setting})',
    ko: '{of} 한도 {most}토큰 중 {used}토큰을 썼는데, 이번 호출에 최대 {worst}토큰이 들 수 있습니다({setting})',
  },
  'costs.nearly': {
    en: 'Budget ({setting}): {percent} % of {most} for {of} are used.',
    ko: '예산 알림({setting}): {of} 한도 {most}의 {percent}%를 썼습니다.',
  },
  'costs.waitLimited': {
    en: '{provider} limits its calls and asked for a pause',
    ko: '{provider}에서 호출 수를 제한하며 잠시 기다려 달라고 했습니다',
  },
  'costs.waitBroken': {
    en: '{provider} failed again and again and is left alone for a while',
    ko: '{provider} 호출이 잇따라 실패하여 잠시 쉬고 있습니다',
  },
  'costs.waitTrouble': {
    en: '{provider} could not answer ({kind}); it is asked again',
    ko: '{provider} 응답을 받지 못해({kind}) 다시 요청합니다',
  },
  'costs.waitBusy': { en: 'other calls are before this one', ko: '먼저 온 호출을 기다리고 있습니다' },
  'costs.waitTight': {
    en: 'the budget is nearly used up, so scheduled jobs go slowly',
    ko: '예산이 거의 다 되어 예약 작업을 천천히 진행합니다',
  },
  'costs.about': { en: 'what the models cost', ko: '모델 사용 비용 보기' },
  'costs.optBy': { en: 'a line for each model, day, session or job', ko: '모델, 날짜, 세션, 작업별로 한 줄씩' },
  'costs.optSince': {
    en: 'only since then: 90m, 12h, 7d, or a date such as 2026-11-01',
    ko: '이때부터만: 90m, 12h, 7d 또는 2026-11-01 같은 날짜',
  },
  'costs.optCsv': { en: 'as CSV, for spreadsheets', ko: '스프레드시트용 CSV로 출력합니다' },
  'costs.optWatch': {
    en: 'draw it anew when something changes, until Ctrl+C',
    ko: '바뀔 때마다 다시 그립니다(Ctrl+C로 끝)',
  },
  'costs.headKey.model': { en: 'model', ko: '모델' },
  'costs.headKey.day': { en: 'day', ko: '날짜' },
  'costs.headKey.session': { en: 'session', ko: '세션' },
  'costs.headKey.job': { en: 'job', ko: '작업' },
  'costs.headCalls': { en: 'calls', ko: '호출' },
  'costs.headIn': { en: 'tokens in', ko: '입력 토큰' },
  'costs.headCached': { en: 'of them cached', ko: '그중 캐시' },
  'costs.headOut': { en: 'tokens out', ko: '출력 토큰' },
  'costs.headUsd': { en: 'USD', ko: '비용(USD)' },
  'costs.total': { en: 'total', ko: '합계' },
  'costs.noJob': { en: '(no job)', ko: '(작업 아님)' },
  'costs.unpriced': { en: 'unpriced', ko: '가격 모름' },
  'costs.partlyUnpriced': { en: '{usd} + unpriced', ko: '{usd} + 가격 모름' },
  'costs.none': { en: 'No model was called in this time.', ko: '이 기간에는 모델을 호출하지 않았습니다.' },
  'costs.today': { en: 'Today {used} of {most}.', ko: '오늘 {most} 중 {used}를 썼습니다.' },
  'costs.todayUnlimited': { en: 'Today {used}.', ko: '오늘 {used}를 썼습니다.' },
  'costs.month': { en: 'This month {used} of {most}.', ko: '이번 달 {most} 중 {used}를 썼습니다.' },
  'costs.tokensToday': { en: '{used} tokens of {most} today.', ko: '오늘 {most}토큰 중 {used}토큰을 썼습니다.' },
  'costs.unreadable': { en: 'The journal cannot be read: {reason}', ko: '기록을 읽을 수 없습니다: {reason}' },
  'costs.badBy': {
    en: '--by: expected model, day, session or job, got {got}.',
    ko: '--by에는 model, day, session, job 중 하나를 쓰세요. 받은 값: {got}',
  },
  'costs.badSince': {
    en: '--since: expected 90m, 12h, 7d or a date such as 2026-11-01, got {got}.',
    ko: '--since에는 90m, 12h, 7d 또는 2026-11-01 같은 날짜를 쓰세요. 받은 값: {got}',
  },
  'costs.watchNeedsTerminal': {
    en: '--watch needs a terminal, and neither --json nor --csv.',
    ko: '--watch는 터미널에서만, --json이나 --csv 없이 쓸 수 있습니다.',
  },
  'expected.optionalModel': {
    en: 'a model as provider/model, such as anthropic/claude-sonnet-5-5, or nothing',
    ko: 'anthropic/claude-sonnet-5-5와 같은 제공자/모델 이름, 또는 빈 값',
  },
  'expected.models': {
    en: 'a list of models as provider/model, such as [openai/gpt-5, ollama/qwen3]',
    ko: '[openai/gpt-5, ollama/qwen3]와 같은 제공자/모델 이름의 목록',
  },
} as const satisfies Messages
