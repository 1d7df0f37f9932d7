import type { Messages } from './message.ts'

/** Texts of the ring in the foreground (containers, cron), and of the line for cron. */
export const foreverMessages = {
  'cli.runForever': {
    en: 'stay in the foreground and keep everything running: for containers, cron and machines without systemd',
    ko: '포그라운드에 머물며 전체를 계속 실행합니다. 컨테이너, cron, systemd가 없는 컴퓨터에서 씁니다',
  },
  'cli.runForeverStay': {
    en: 'wait for the next start when a person stops it, instead of ending (always so as PID 1)',
    ko: '사람이 멈추면 끝내지 않고 다음 시작을 기다립니다(PID 1이면 항상 그렇게 합니다)',
  },
  'cli.serviceCron': {
    en: 'print the line that starts Ottugi at boot through cron',
    ko: 'cron으로 부팅할 때 오뚝이를 시작하는 줄을 출력합니다',
  },
  'forever.begins': {
    en: 'Ottugi starts with the home {home} and is kept running until SIGTERM or Ctrl-C.',
    ko: '홈 {home}(으)로 오뚝이를 시작하고, SIGTERM이나 Ctrl-C가 올 때까지 계속 실행합니다.',
  },
  'forever.up': { en: 'Ottugi is up.', ko: '오뚝이가 일어났습니다.' },
  'forever.startsAgain': {
    en: 'All of Ottugi is gone: it is started again (try {tries} since it was last steady).',
    ko: '오뚝이 전체가 사라져 다시 시작합니다(마지막으로 안정된 뒤 {tries}번째 시도).',
  },
  'forever.startFailed': {
    en: 'This start ended with exit code {code}. It is tried again by itself.',
    ko: '이번 시작은 종료 코드 {code}(으)로 끝났습니다. 스스로 다시 시도합니다.',
  },
  'forever.rests': {
    en: 'Stopped by a person. Waiting for: {command}',
    ko: '사람이 멈추었습니다. 다음 명령을 기다립니다: {command}',
  },
  'forever.restsAlready': {
    en: 'A person stopped this Ottugi, so it is not started. Start it with: {command}',
    ko: '사람이 이 오뚝이를 멈추어 두었으므로 시작하지 않습니다. 시작: {command}',
  },
  'forever.ends': {
    en: '{signal}: everything is ended in good order.',
    ko: '{signal}: 전체를 차례로 끝냅니다.',
  },
  'forever.notEnded': {
    en: 'Not everything could be ended (exit code {code}).',
    ko: '모두 끝내지는 못했습니다(종료 코드 {code}).',
  },
  'forever.held': {
    en: 'Another run-forever keeps this home, perhaps in another container ({reason}). End that one first.',
    ko: '다른 run-forever가 이 홈을 맡고 있습니다. 다른 컨테이너일 수도 있습니다({reason}). 먼저 그것을 끝내 주십시오.',
  },
  'forever.serviceKeeps': {
    en: 'A service keeps this home already ({path}); two would fight. Use that one, or remove it first: {command}',
    ko: '이미 서비스가 이 홈을 맡고 있어({path}) 둘이 서로 다투게 됩니다. 그것을 쓰시거나 먼저 제거해 주십시오: {command}',
  },
  'forever.noReaper': {
    en: 'This Node cannot take in the ends of inherited processes, which stay as zombies. Start the container with an init of its own (docker run --init).',
    ko: '이 Node는 물려받은 프로세스의 종료를 거둘 수 없어 좀비로 남습니다. 컨테이너를 자체 init으로 시작해 주십시오(docker run --init).',
  },
  'cron.hint': {
    en: 'Add this line to your crontab. It keeps the lines that are there: {command}',
    ko: '이 줄을 crontab에 추가해 주십시오. 다음 명령은 기존 줄을 그대로 둡니다: {command}',
  },
  'cron.newHome': {
    en: 'The home {home} is not there yet: start once first, so that there is a place for the log: {command}',
    ko: '홈 {home}이(가) 아직 없습니다. 로그를 둘 곳이 생기도록 먼저 한 번 시작해 주십시오: {command}',
  },
  'cron.serviceKeeps': {
    en: 'A service keeps this home already ({path}); with this line two would start it.',
    ko: '이미 서비스가 이 홈을 맡고 있습니다({path}). 이 줄까지 쓰면 둘이 시작하게 됩니다.',
  },
  'cron.badPath': {
    en: 'The path {path} holds a line break or a control character; no crontab can name it.',
    ko: '경로 {path}에 줄바꿈이나 제어 문자가 있어 crontab에 적을 수 없습니다.',
  },
} as const satisfies Messages
