import type { Messages } from './message.ts'

/** Texts of `ottugi tools`. What a model reads of a tool stands beside the tool. */
export const toolsMessages = {
  'cli.tools': {
    en: 'what the agent can do, and how far each tool reaches',
    ko: '에이전트가 쓰는 도구와 각 도구의 범위를 표시합니다',
  },
  'cli.toolsShow': {
    en: 'one tool: when the model uses it, its limits and its arguments',
    ko: '도구 하나의 용도, 제한, 인자를 표시합니다',
  },
  'tools.tool': { en: 'tool', ko: '도구' },
  'tools.risk': { en: 'risk', ko: '위험도' },
  'tools.repeat': { en: 'after a crash', ko: '중단 후' },
  'tools.state': { en: 'state', ko: '상태' },
  'tools.on': { en: 'on', ko: '사용 가능' },
  'tools.off': { en: 'off', ko: '꺼짐' },
  'tools.risk0': { en: '0, looks', ko: '0, 보기만 함' },
  'tools.risk1': { en: '1, changes the workspace', ko: '1, 작업 폴더를 바꿈' },
  'tools.risk2': { en: '2, runs programs or asks the network', ko: '2, 프로그램 실행 또는 네트워크 사용' },
  'tools.risk3': { en: '3, reaches further', ko: '3, 외부에 영향을 줌' },
  'tools.pure': { en: 'run again', ko: '다시 실행' },
  'tools.keyed': { en: 'run again, with effect once', ko: '다시 실행(효과는 한 번만)' },
  'tools.unsafe': { en: 'never run again', ko: '다시 실행하지 않음' },
  'tools.forModel': { en: 'What the model is told: {description}', ko: '모델에 주는 설명: {description}' },
  'tools.limits': {
    en: 'Longest run: {seconds} s. Longest output shown to the model: {characters} characters.',
    ko: '최대 실행 시간: {seconds}초. 모델에 보여 주는 최대 출력: {characters}자.',
  },
  'tools.inSandbox': { en: 'Runs in the sandbox.', ko: '샌드박스에서 실행합니다.' },
  'tools.inAgent': {
    en: 'Runs in the agent itself and only looks.',
    ko: '에이전트 안에서 실행하며 보기만 합니다.',
  },
  'tools.arguments': { en: 'Arguments: {names}', ko: '인자: {names}' },
  'tools.offWhy': {
    en: 'Some tools are off ({names}): {reason}. What helps: {command}',
    ko: '일부 도구가 꺼져 있습니다({names}): {reason}. 해결 방법: {command}',
  },
  'tools.why': { en: 'It is off: {reason}.', ko: '꺼져 있는 이유: {reason}.' },
  'tools.unknown': {
    en: 'There is no tool {name}. See all: {command}',
    ko: '{name}(이)라는 도구가 없습니다. 전체 목록: {command}',
  },
} as const satisfies Messages
