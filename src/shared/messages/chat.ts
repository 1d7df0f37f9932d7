import type { Messages } from './message.ts'

/** What a conversation in the terminal says beside the answers. */
export const chatMessages = {
  'chat.hello': {
    en: 'Session {session}. /help shows the commands, Esc or Ctrl-C stops an answer, /quit leaves.',
    ko: '세션 {session}. /help 명령 보기, Esc 또는 Ctrl-C 답변 중지, /quit 종료.',
  },
  'chat.optApprove': {
    en: 'what may be done without asking: none, safe (changes of the workspace) or all (whatever is not forbidden)',
    ko: '묻지 않고 해도 되는 일: none, safe(작업 폴더 변경), all(금지되지 않은 모든 일)',
  },
  'chat.endedEarly': {
    en: 'The run ended before the model was done: {finish}. {reason}',
    ko: '모델이 끝내기 전에 실행이 끝났습니다: {finish}. {reason}',
  },
  'chat.optModel': { en: 'the model of this conversation', ko: '이 대화의 모델' },
  'chat.help': {
    en: '/help            this list\n/model [name]    the model of this conversation; "default" for the one of the settings\n/tools           what the agent can do\n/cost            what this conversation cost\n/sessions        earlier conversations\n/compact         replace what was said earlier by a summary\n/undo            take the last /compact back\n/quit            leave',
    ko: '/help            이 목록\n/model [이름]    이 대화의 모델, "default"는 설정의 모델\n/tools           에이전트가 할 수 있는 일\n/cost            이 대화의 비용\n/sessions        이전 대화\n/compact         이전 내용을 요약으로 바꿉니다\n/undo            마지막 /compact를 되돌립니다\n/quit            종료',
  },
  'chat.model': { en: 'Model: {model}', ko: '모델: {model}' },
  'chat.modelOfSettings': { en: 'the one of the settings', ko: '설정의 모델' },
  'chat.cost': {
    en: 'This conversation: {runs} questions, {tokens} tokens, {usd} USD',
    ko: '이 대화: 질문 {runs}개, 토큰 {tokens}개, {usd} USD',
  },
  'chat.none': { en: 'There is nothing to show.', ko: '표시할 내용이 없습니다.' },
  'chat.noAnswer': { en: 'The agent does not answer.', ko: '에이전트가 응답하지 않습니다.' },
  'chat.compacted': {
    en: 'What was said earlier is a summary now. /undo takes it back.',
    ko: '이전 내용을 요약으로 바꾸었습니다. /undo로 되돌릴 수 있습니다.',
  },
  'chat.undone': { en: 'What was said earlier is back as it was.', ko: '이전 내용을 원래대로 되돌렸습니다.' },
  'chat.hinted': { en: '· the agent was told: {hint}', ko: '· 에이전트에 전달한 내용: {hint}' },
  'chat.steered': { en: '· your words were added', ko: '· 입력하신 내용을 추가했습니다' },
  'chat.ask': {
    en: 'May the agent do this?\n  {plan}\n  ({reason})\n[y] yes  [n] no  [a] always in this conversation ',
    ko: '에이전트가 다음을 실행해도 됩니까?\n  {plan}\n  ({reason})\n[y] 예  [n] 아니요  [a] 이 대화에서 항상 ',
  },
  'chat.yes': { en: 'yes', ko: '예' },
  'chat.no': { en: 'no', ko: '아니요' },
  'chat.always': { en: 'always in this conversation', ko: '이 대화에서 항상' },
  'chat.notStopped': {
    en: 'The agent did not say that it stops. What this run does: {command}',
    ko: '에이전트가 중지를 확인하지 않았습니다. 이 실행이 하는 일: {command}',
  },
  'chat.stopped': { en: 'Stopped.', ko: '중지했습니다.' },
} as const satisfies Messages
