import type { Messages } from './message.ts'

/** Texts of `recovery`. */
export const recoveryMessages = {
  'cli.recovery': {
    en: 'what recovery learned, and what it would do; nothing is repaired by this command',
    ko: '복구가 배운 규칙과 판단을 표시합니다. 이 명령은 아무것도 고치지 않습니다',
  },
  'cli.recoveryList': { en: 'the learned rules', ko: '배운 규칙을 표시합니다' },
  'cli.recoveryShow': { en: 'one learned rule', ko: '배운 규칙 하나를 자세히 표시합니다' },
  'cli.recoveryPromote': {
    en: 'let a proposed rule act by itself; only from a terminal',
    ko: '제안된 규칙이 스스로 동작하도록 승인합니다. 터미널에서만 가능합니다',
  },
  'cli.recoveryDemote': {
    en: 'stop a rule; only from a terminal',
    ko: '규칙을 중지합니다. 터미널에서만 가능합니다',
  },
  'cli.recoveryRelease': {
    en: 'let the agent go on with a run or session that was set aside; only from a terminal',
    ko: '따로 둔 실행이나 세션을 에이전트가 이어 가도록 풀어 줍니다. 터미널에서만 가능합니다',
  },
  'cli.recoveryJudge': {
    en: 'say of each proposal on the input, a JSON object a line, whether it would be allowed; touches nothing',
    ko: '입력의 제안(한 줄에 JSON 객체 하나)마다 허용 여부를 알려 줍니다. 아무것도 건드리지 않습니다',
  },
  'cli.recoveryVerify': {
    en: 'prove that the repair journal is as it was written; exits 1 where it is not',
    ko: '수리 기록이 쓰인 그대로인지 검증합니다. 그렇지 않으면 종료 코드는 1입니다',
  },
  'recovery.noRules': { en: 'Nothing was learned yet.', ko: '아직 배운 규칙이 없습니다.' },
  'recovery.rule': {
    en: '{id}  {state}  {action} {args}  ({note})',
    ko: '{id}  {state}  {action} {args}  ({note})',
  },
  'recovery.ruleBound': {
    en: '    fault {signature}, probe {probe}; healed: {incidents}; changed {at}',
    ko: '    장애 {signature}, 상태 {probe}, 해결한 사건: {incidents}, 변경 시각 {at}',
  },
  'recovery.state.candidate': { en: 'candidate', ko: '후보' },
  'recovery.state.proposed': { en: 'proposed: waits for your yes', ko: '제안됨(승인 대기)' },
  'recovery.state.active': { en: 'active', ko: '사용 중' },
  'recovery.state.demoted': { en: 'demoted', ko: '중지됨' },
  'recovery.state.asleep': {
    en: 'asleep: its action or a gate has changed',
    ko: '휴면(동작이나 검사 코드가 바뀜)',
  },
  'recovery.promoted': { en: '{id} now acts by itself.', ko: '이제 {id} 규칙이 스스로 동작합니다.' },
  'recovery.demoted': { en: '{id} does not act any more.', ko: '{id} 규칙은 더 이상 동작하지 않습니다.' },
  'recovery.unknownRule': {
    en: 'There is no rule {id}. See all: {command}',
    ko: '{id}라는 규칙이 없습니다. 전체 목록: {command}',
  },
  'recovery.wrongState': {
    en: '{id} is {state}: it cannot be changed so.',
    ko: '{id}의 상태는 {state}이므로 그렇게 바꿀 수 없습니다.',
  },
  'recovery.ruleBusy': {
    en: 'Another process writes what was learned. Try again.',
    ko: '다른 프로세스가 학습 기록을 쓰고 있습니다. 다시 시도해 주십시오.',
  },
  'recovery.needsTerminal': {
    en: 'Only a person at a terminal can decide this: {command} was not called from one, so nothing was changed.',
    ko: '이 결정은 터미널 앞의 사람만 할 수 있습니다. {command}이(가) 터미널에서 실행되지 않아 아무것도 바꾸지 않았습니다.',
  },
  'recovery.released': {
    en: '{id} is free again: the agent goes on with it.',
    ko: '{id}을(를) 풀었습니다. 에이전트가 이어서 처리합니다.',
  },
  'recovery.notParked': { en: 'Nothing with the id {id} was set aside.', ko: '{id}라는 id로 따로 둔 것이 없습니다.' },
  'recovery.judged': { en: '{verdict}  {action}: {reason}', ko: '{verdict}  {action}: {reason}' },
  'recovery.badLine': {
    en: 'Line {line} is no proposal: a JSON object with "action" and "args" in one line was expected.',
    ko: '{line}번째 줄은 제안이 아닙니다. "action"과 "args"가 있는 JSON 객체 한 줄이어야 합니다.',
  },
  'recovery.chainWhole': {
    en: 'The repair journal is whole: {count} lines, head {head}.',
    ko: '수리 기록이 온전합니다. {count}줄, 마지막 해시 {head}.',
  },
  'recovery.chainBroken': {
    en: 'The repair journal is not as it was written, from line {line} on. Find out who changed {path}, or look at the disk.',
    ko: '수리 기록이 {line}번째 줄부터 원래 내용과 다릅니다. 누가 {path}을(를) 바꾸었는지, 또는 디스크에 이상이 없는지 확인해 주십시오.',
  },
  'recovery.waits': {
    en: 'Ottugi asks before it does this: {plan}. To allow it, once: {command}',
    ko: '오뚝이가 다음 일을 하기 전에 허락을 구합니다: {plan}. 한 번 허용하려면: {command}',
  },
  'recovery.alert': {
    en: 'Only a person can mend this fault ({fault}). See what is wrong: {command}',
    ko: '이 장애({fault})는 사람이 고쳐야 합니다. 무엇이 잘못되었는지 보려면: {command}',
  },
  'recovery.exhausted': {
    en: 'No repair that may be done mended this fault ({fault}). {story} See what is wrong: {command}',
    ko: '허용된 수리로는 이 장애({fault})를 고치지 못했습니다. {story} 무엇이 잘못되었는지 보려면: {command}',
  },
  'recovery.well': {
    en: 'The agent runs and no fault was named: nothing was repaired. To look at everything: {command}',
    ko: '에이전트가 실행 중이고 알려진 장애가 없어 아무것도 고치지 않았습니다. 전체를 살펴보려면: {command}',
  },
  'recovery.busy': {
    en: 'Another repair is under way, so recovery did nothing. See how far it is: {command}',
    ko: '다른 수리가 진행 중이어서 복구를 하지 않았습니다. 진행 상황을 보려면: {command}',
  },
  'recovery.broken': {
    en: 'Recovery does nothing, because a proof of its own does not hold: {reason}. Reinstall Ottugi.',
    ko: '복구 자체의 검증이 맞지 않아({reason}) 아무것도 하지 않습니다. 오뚝이를 다시 설치해 주십시오.',
  },
  'recovery.late': {
    en: 'The time for recovery was over before anything held. See what is wrong: {command}',
    ko: '복구 시간 안에 효과가 있는 수리를 찾지 못했습니다. 무엇이 잘못되었는지 보려면: {command}',
  },
  'recovery.packages': {
    en: 'Packages are missing or damaged ({reason}), so recovery cannot look for the cause. Install them anew: {command}',
    ko: '패키지가 없거나 손상되어({reason}) 복구가 원인을 찾을 수 없습니다. 다시 설치해 주십시오: {command}',
  },
  'recovery.failed': {
    en: 'Recovery itself failed ({reason}). See what is wrong: {command}',
    ko: '복구 과정 자체가 실패했습니다({reason}). 무엇이 잘못되었는지 보려면: {command}',
  },
  'recovery.model.off': {
    en: 'No model was asked: recovery.model is off.',
    ko: 'recovery.model이 꺼져 있어 모델에 묻지 않았습니다.',
  },
  'recovery.model.settings': {
    en: 'No model was asked, and nothing is done without a yes, because the settings cannot be read.',
    ko: '설정을 읽을 수 없어 모델에 묻지 않았고, 승인 없이는 아무것도 하지 않습니다.',
  },
  'recovery.model.unasked': {
    en: 'You would have been asked about a repair, but the question cannot be written down.',
    ko: '수리에 대한 허락을 구하려 했으나 질문을 기록할 수 없었습니다.',
  },
  'recovery.model.no-key': {
    en: 'No model was asked: its key is not set.',
    ko: '키가 설정되지 않아 모델에 묻지 않았습니다.',
  },
  'recovery.model.unauthorized': {
    en: 'The model could not be asked: its key was refused.',
    ko: '키가 거부되어 모델에 물을 수 없었습니다.',
  },
  'recovery.model.rate-limited': {
    en: 'The model could not be asked: its provider limits the rate.',
    ko: '제공자의 호출 한도에 걸려 모델에 물을 수 없었습니다.',
  },
  'recovery.model.overloaded': {
    en: 'The model could not be asked: its provider is overloaded.',
    ko: '제공자가 과부하 상태여서 모델에 물을 수 없었습니다.',
  },
  'recovery.model.timeout': { en: 'The model did not answer in time.', ko: '모델이 시간 안에 답하지 않았습니다.' },
  'recovery.model.cancelled': { en: 'The model did not answer in time.', ko: '모델이 시간 안에 답하지 않았습니다.' },
  'recovery.model.network': { en: 'The model could not be reached.', ko: '모델에 연결할 수 없었습니다.' },
  'recovery.model.refused': { en: 'The model declined to answer.', ko: '모델이 답변을 거절했습니다.' },
  'recovery.model.bad-answer': {
    en: 'The answer of the model could not be used.',
    ko: '모델의 답을 사용할 수 없었습니다.',
  },
  'recovery.model.budget': {
    en: 'No model was asked: recovery.dayUsd is used up.',
    ko: 'recovery.dayUsd 예산을 다 써서 모델에 묻지 않았습니다.',
  },
  'recovery.model.calls': {
    en: 'No model was asked: recovery.callsPerHour is used up.',
    ko: 'recovery.callsPerHour 한도를 다 써서 모델에 묻지 않았습니다.',
  },
  'recovery.model.ledger': {
    en: 'No model was asked: its calls cannot be written down.',
    ko: '호출 기록을 쓸 수 없어 모델에 묻지 않았습니다.',
  },
  'recovery.model.no-choice': {
    en: 'What the probes see leaves no repair to choose.',
    ko: '점검 결과에 맞는 수리가 없습니다.',
  },
  'recovery.model.chose-none': {
    en: 'The model found none of the possible repairs right.',
    ko: '모델은 가능한 수리 중 맞는 것이 없다고 판단했습니다.',
  },
  'recovery.model.in-vain': { en: 'What the model chose did not hold.', ko: '모델이 고른 수리도 효과가 없었습니다.' },
} as const satisfies Messages
