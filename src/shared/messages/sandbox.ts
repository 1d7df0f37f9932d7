import type { Messages } from './message.ts'

/** What is said of the sandbox, and what its settings expect. */
export const sandboxMessages = {
  'expected.hostRules': {
    en: 'a list of hosts, such as [nas.local:8080, "*.example.com"]',
    ko: '호스트 목록. 예: [nas.local:8080, "*.example.com"]',
  },
  'expected.secretHosts': {
    en: 'a list of VARIABLE=host, such as [GITHUB_TOKEN=api.github.com]',
    ko: '변수=호스트 목록. 예: [GITHUB_TOKEN=api.github.com]',
  },
  'expected.folders': {
    en: 'a list of absolute paths, such as [/srv/photos, "/srv/notes:rw"]',
    ko: '절대 경로 목록. 예: [/srv/photos, "/srv/notes:rw"]',
  },
  'expected.user': { en: 'the name of a user of this machine', ko: '이 컴퓨터의 사용자 이름' },
  'sandbox.holds': {
    en: 'Tools run in a sandbox ({how}): they see the workspace and the named folders, and have no network of their own.',
    ko: '도구를 샌드박스({how})에서 실행합니다. 작업 폴더와 지정한 폴더만 볼 수 있고 자체 네트워크는 없습니다.',
  },
  'sandbox.strict': {
    en: 'Tools run in strict mode, without those that start programs (shell, run_python, run_node): {reason}.',
    ko: '샌드박스를 쓸 수 없어 엄격 모드로 실행합니다. 프로그램을 실행하는 도구(shell, run_python, run_node)는 꺼집니다: {reason}.',
  },
  'sandbox.none': {
    en: 'No tool that touches files or programs can run: {reason}.',
    ko: '파일이나 프로그램을 다루는 도구를 실행할 수 없습니다: {reason}.',
  },
  'sandbox.folder': {
    en: 'A folder of sandbox.folders is not shown to tools: {reason}.',
    ko: 'sandbox.folders의 폴더를 도구에 보여 주지 않습니다: {reason}.',
  },
  'sandbox.folder.human': {
    en: 'Correct sandbox.folders, or take the folder out of it: {command}',
    ko: 'sandbox.folders를 고치거나 그 폴더를 빼 주십시오: {command}',
  },
  'sandbox.human': {
    en: 'Install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap) and allow user namespaces; as root, name a user in sandbox.user that exists.',
    ko: 'bubblewrap을 설치하고(Debian, Ubuntu: sudo apt install bubblewrap) 사용자 네임스페이스를 허용하십시오. root로 실행한다면 sandbox.user에 실제로 있는 사용자를 지정하십시오.',
  },
} as const satisfies Messages
