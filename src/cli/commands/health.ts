/** `ottugi health`: the agent's own word, asked now. */
import type { Command } from 'commander'
import { loadSettings } from '../../shared/config/load.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import type { HealthReport } from '../../shared/health.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { tokensFrom } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'

const ASK_LIMIT_MS = 5_000
const CONDITIONS = { pass: 'well', warn: 'limited', fail: 'wrong' } as const

/** Adds `health`. */
export function registerHealth(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('health')
    .description(text(language, 'cli.health'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: { json?: boolean }) => context.exit(await health(context, options)))
}

/** One question to `/health`, with the token of this home. */
export async function health(context: CliContext, options: { readonly json?: boolean }): Promise<number> {
  const { paths, language, environment, out, err } = context
  const agent = readLiving(paths, 'agent')
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  const token = loaded.ok ? tokensFrom(loaded.secrets)[0]?.token : undefined
  const report = agent?.url ? await ask(agent.url, token) : undefined
  if (!report) {
    err(
      text(language, 'health.unreachable', {
        hint: text(language, 'status.startWith', { command: npmOrOttugi('start', paths.home) }),
      }),
    )
    return EXIT.unavailable
  }
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    out(`${shapeOf(context, CONDITIONS[report.status])} ${report.status}`)
    for (const [name, check] of Object.entries(report.checks ?? {})) {
      const words = [name, check.status, ...(check.output ? [terminalSafe(check.output)] : [])]
      out(`  ${shapeOf(context, CONDITIONS[check.status])} ${words.join(': ')}`)
    }
  }
  return report.status === 'fail' ? EXIT.failed : EXIT.ok
}

async function ask(url: string, token: string | undefined): Promise<HealthReport | undefined> {
  try {
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    const response = await fetch(`${url}/health`, { headers, signal: AbortSignal.timeout(ASK_LIMIT_MS) })
    return (await response.json()) as HealthReport
  } catch {
    return undefined
  }
}
