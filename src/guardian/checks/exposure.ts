import { isLoopbackHost } from '../../shared/config/loopback.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import type { Check, Finding } from '../check.ts'

/** Tailscale gives addresses of its own, and encrypts what goes between them. */
const TAILNET = /^(?:100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|fd7a:115c:a1e0:)/i

/** Who can reach our ports, and would what is sent there be readable on the way? */
export const exposure: Check = {
  id: 'exposure',
  title: 'ports beyond this machine',
  look: ({ settings, paths, language }) => {
    if (!settings) return []
    const findings = (['agent', 'dashboard'] as const).flatMap((app): Finding[] => {
      const { host, port } = settings[app]
      if (isLoopbackHost(host) || TAILNET.test(host)) return []
      const command = commandAnywhere(`config set ${app}.host 127.0.0.1`, paths.home)
      const what = text(language, 'doctor.portExposed', { app, host, port })
      const human = text(language, 'doctor.portExposed.human', { command })
      return [{ check: 'exposure', severity: 'warn', what, fault: 'port-exposed', human }]
    })
    const url = URL.parse(settings.dashboard.publicUrl)
    const isPlain = url?.protocol === 'http:' && !isLoopbackHost(url.hostname)
    if (!isPlain) return findings
    const what = text(language, 'doctor.plainHttp', { url: settings.dashboard.publicUrl })
    const human = text(language, 'doctor.plainHttp.human')
    return [...findings, { check: 'exposure', severity: 'warn', what, fault: 'plain-http', human }]
  },
}
