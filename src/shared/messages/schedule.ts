import type { Messages } from './message.ts'

/** What is said of the schedule. */
export const scheduleMessages = {
  'schedule.badBody': { en: 'The job cannot be read: {problems}.', ko: '작업을 읽을 수 없습니다: {problems}.' },
  'schedule.badCron': {
    en: 'The cron line "{line}" cannot be used: {reason}. Expected five fields (minute hour day month weekday), such as 0 8 * * 1-5.',
    ko: '"{line}"은(는) 사용할 수 없는 cron 식입니다: {reason}. 필드 다섯 개(분 시 일 월 요일)로 쓰십시오. 예: 0 8 * * 1-5.',
  },
  'schedule.neverDue': {
    en: 'The cron line "{line}" never fires: no day fits all of its fields.',
    ko: 'cron 식 "{line}"은(는) 실행되는 때가 없습니다. 모든 필드에 맞는 날이 없습니다.',
  },
  'schedule.tooOften': {
    en: 'The job would be due every {seconds} s; the least is {least} s (schedule.minIntervalMs).',
    ko: '작업 간격이 {seconds}초입니다. 최소 간격은 {least}초입니다(schedule.minIntervalMs).',
  },
  'schedule.badZone': {
    en: '"{zone}" is not the name of a time zone; expected one such as Asia/Seoul.',
    ko: '"{zone}"은(는) 시간대 이름이 아닙니다. Asia/Seoul과 같은 이름을 쓰십시오.',
  },
  'schedule.badAt': {
    en: '"{at}" is not a time with its zone; expected one such as 2027-01-31T08:00:00+09:00.',
    ko: '"{at}"은(는) 시간대가 있는 시각이 아닙니다. 예: 2027-01-31T08:00:00+09:00.',
  },
  'schedule.past': { en: '{at} has passed already.', ko: '{at}은(는) 이미 지난 시각입니다.' },
  'schedule.badPath': {
    en: '{path} is not in workspace/ or in a folder that the settings name (sandbox.folders).',
    ko: '{path}은(는) workspace/ 또는 설정(sandbox.folders)에 있는 폴더 안의 경로가 아닙니다.',
  },
  'schedule.badChannel': {
    en: 'There is no channel "{name}" in the settings (alerts.channels). There are: {names}',
    ko: '설정(alerts.channels)에 "{name}" 채널이 없습니다. 있는 채널: {names}',
  },
  'schedule.tooMany': {
    en: 'There are {most} jobs already (schedule.maxJobs). Remove one first.',
    ko: '작업이 이미 {most}개 있습니다(schedule.maxJobs). 먼저 하나를 삭제하십시오.',
  },
  'schedule.unknown': {
    en: 'There is no job {id}, or several have this name. See: {command}',
    ko: '{id} 작업이 없거나 이름이 같은 작업이 여럿입니다. 확인: {command}',
  },
  'schedule.noProposal': {
    en: 'No schedule came out of this request: {reason}',
    ko: '요청에서 일정을 만들지 못했습니다: {reason}',
  },
  'schedule.badHook': {
    en: 'There is no such hook, or the token does not fit.',
    ko: '해당 웹훅이 없거나 토큰이 맞지 않습니다.',
  },
  'schedule.hookLimit': {
    en: 'This hook was called too often; the limit is {most} an hour (schedule.eventsPerHour).',
    ko: '웹훅 호출이 너무 잦습니다. 한도는 시간당 {most}회입니다(schedule.eventsPerHour).',
  },
  'schedule.hookPaused': { en: 'This job is paused.', ko: '일시 중지된 작업입니다.' },
  'schedule.unreadable': { en: 'The schedule cannot be read: {reason}', ko: '일정을 읽을 수 없습니다: {reason}' },
  'schedule.none': { en: 'There are no jobs. Add one with: {command}', ko: '작업이 없습니다. 추가하려면: {command}' },
  'schedule.noHistory': { en: 'This job has not been due yet.', ko: '아직 실행된 적이 없는 작업입니다.' },
  'schedule.added': { en: 'Added {id} ({name}).', ko: '{id}({name})을(를) 추가했습니다.' },
  'schedule.removed': {
    en: 'Removed {id}. Its past runs stay.',
    ko: '{id}을(를) 삭제했습니다. 지난 실행 기록은 남습니다.',
  },
  'schedule.paused': { en: '{id} is paused.', ko: '{id}을(를) 일시 중지했습니다.' },
  'schedule.resumed': { en: '{id} goes on.', ko: '{id}을(를) 다시 시작했습니다.' },
  'schedule.begun': { en: 'Run {run} begins now.', ko: '실행 {run}을(를) 지금 시작합니다.' },
  'schedule.hookToken': {
    en: 'Call POST {path} with "Authorization: Bearer {token}". The token is shown this once.',
    ko: '"Authorization: Bearer {token}" 헤더로 POST {path}을(를) 호출하십시오. 토큰은 지금 한 번만 표시됩니다.',
  },
  'schedule.proposal': { en: 'Proposed: {when} ({zone}): {prompt}', ko: '제안: {when} ({zone}): {prompt}' },
  'schedule.sentTo': { en: 'Sent to: {channels}', ko: '보낼 곳: {channels}' },
  'schedule.nextDues': { en: 'Next: {dues}', ko: '다음 실행: {dues}' },
  'schedule.confirm': { en: 'Add this job? [y/n] ', ko: '이 작업을 추가하시겠습니까? [y/n] ' },
  'schedule.notAdded': { en: 'Nothing was added.', ko: '추가하지 않았습니다.' },
  'schedule.needsYes': {
    en: 'Nothing was added: this needs a yes at a terminal, or --yes.',
    ko: '추가하지 않았습니다. 터미널에서 확인하거나 --yes를 지정하십시오.',
  },
  'schedule.needsPrompt': {
    en: 'Say what the agent is asked: in a sentence with its time, or with --prompt and one of --cron, --every, --at and --on.',
    ko: '에이전트에 보낼 요청을 지정하십시오. 시각을 포함한 문장으로 쓰거나 --prompt와 함께 --cron, --every, --at, --on 중 하나를 사용하십시오.',
  },
  'schedule.oneTrigger': {
    en: 'Expected exactly one of --cron, --every, --at and --on.',
    ko: '--cron, --every, --at, --on 중 하나만 지정하십시오.',
  },
  'schedule.name': { en: 'Name', ko: '이름' },
  'schedule.when': { en: 'When', ko: '시기' },
  'schedule.next': { en: 'Next', ko: '다음 실행' },
  'schedule.isPaused': { en: 'paused', ko: '일시 중지' },
  'schedule.never': { en: '–', ko: '–' },
  'schedule.policies': {
    en: 'Zone {zone}; missed: {catchUp}; overlap: {overlap}; gates: {gates}; created by {by}',
    ko: '시간대 {zone}, 놓친 실행: {catchUp}, 겹칠 때: {overlap}, 승인: {gates}, 만든 이: {by}',
  },
  'schedule.every': { en: 'every {time}', ko: '{time}마다' },
  'schedule.at': { en: 'once, {at}', ko: '한 번, {at}' },
  'schedule.onFile': { en: 'when {path} changes', ko: '{path} 변경 시' },
  'schedule.onIncident': { en: 'on each incident', ko: '장애 발생 시' },
  'schedule.onWebhook': { en: 'on its webhook', ko: '웹훅 호출 시' },
  'cli.schedule': { en: 'jobs that run by the clock or by an event', ko: '시각이나 이벤트에 따라 실행되는 작업' },
  'cli.scheduleList': { en: 'list the jobs with their next due time', ko: '작업과 다음 실행 시각을 표시합니다' },
  'cli.scheduleShow': { en: 'show one job', ko: '작업 하나를 표시합니다' },
  'cli.scheduleAdd': {
    en: 'add a job; a sentence such as "every weekday at 8 …" is shown as a job first, and added after a yes',
    ko: '작업을 추가합니다. "평일 8시마다 …"와 같은 문장은 먼저 작업으로 보여 주고 확인 후 추가합니다',
  },
  'cli.schedulePropose': {
    en: 'turn a sentence into a job, show it, and add it after a yes',
    ko: '문장을 작업으로 바꿔 보여 주고 확인 후 추가합니다',
  },
  'cli.schedulePause': { en: 'let a job rest', ko: '작업을 일시 중지합니다' },
  'cli.scheduleResume': { en: 'let a job go on', ko: '작업을 다시 시작합니다' },
  'cli.scheduleRun': { en: 'run a job now', ko: '작업을 지금 실행합니다' },
  'cli.scheduleHistory': {
    en: 'past due times of a job, newest first',
    ko: '작업의 지난 실행을 최신순으로 표시합니다',
  },
  'cli.scheduleRemove': { en: 'remove a job', ko: '작업을 삭제합니다' },
  'cli.schedulePrompt': { en: 'what the agent is asked', ko: '에이전트에 보낼 요청' },
  'cli.scheduleName': { en: 'name of the job', ko: '작업 이름' },
  'cli.scheduleCron': {
    en: 'cron line, such as "0 8 * * 1-5"; day of month and weekday must both fit',
    ko: 'cron 식. 예: "0 8 * * 1-5". 일과 요일이 모두 맞아야 합니다',
  },
  'cli.scheduleEvery': { en: 'interval: 90s, 10m, 2h', ko: '간격: 90s, 10m, 2h' },
  'cli.scheduleAt': { en: 'once, at a time with zone', ko: '한 번 실행할 시각(시간대 포함)' },
  'cli.scheduleOn': { en: 'on an event: file:PATH, incident or webhook', ko: '이벤트: file:경로, incident, webhook' },
  'cli.scheduleZone': { en: 'time zone; default: the one of this terminal', ko: '시간대. 기본값: 이 터미널의 시간대' },
  'cli.scheduleCatchUp': { en: 'missed runs: skip, once or all', ko: '놓친 실행: skip, once, all' },
  'cli.scheduleOverlap': {
    en: 'while a run goes on: skip, queue or cancel-old',
    ko: '실행이 겹칠 때: skip, queue, cancel-old',
  },
  'cli.scheduleJitter': { en: 'begin up to so much later: 90s, 10m', ko: '시작을 늦출 수 있는 최대 시간: 90s, 10m' },
  'cli.scheduleUsd': { en: 'most that one run may cost', ko: '실행 한 번의 최대 비용(USD)' },
  'cli.scheduleTokens': { en: 'most tokens of one run', ko: '실행 한 번의 최대 토큰 수' },
  'cli.scheduleRounds': { en: 'most model answers of one run', ko: '실행 한 번의 최대 모델 응답 수' },
  'cli.scheduleModel': { en: 'model to ask', ko: '사용할 모델' },
  'cli.scheduleTask': { en: 'kind of work: quick, default or deep', ko: '작업 종류: quick, default, deep' },
  'cli.scheduleDry': { en: 'execute nothing that has an effect', ko: '부수 효과가 있는 것은 실행하지 않습니다' },
  'cli.scheduleNotify': {
    en: 'channel that hears of the result; may be repeated',
    ko: '결과를 알릴 채널(여러 번 지정 가능)',
  },
  'cli.scheduleYes': { en: 'add without asking', ko: '확인 없이 추가합니다' },
} as const satisfies Messages
