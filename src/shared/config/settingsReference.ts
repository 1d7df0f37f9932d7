import { type SettingKey, sectionDescription, sectionNames, settingKeys } from './keys.ts'

/** The reference of all settings as Markdown (`docs/settings.md`). */
export function settingsReference(): string {
  const single = settingKeys().filter(({ key }) => !key.includes('.'))
  const groups = sectionNames().map((name) => groupOf(name))
  return `${[HEAD, tableOf(single), ...groups].join('\n\n')}\n`
}

const HEAD = `# Settings

<!-- Made by \`npm run generate\` from src/shared/config/schema.ts: change it there. -->

Settings stand in \`ottugi.yaml\`; every one has a default, so that the file may be empty. What is nearer goes before:
environment, \`.env\`, \`ottugi.yaml\`, default. A name that does not exist is an error.

- See them: \`ottugi config list\`. Change one: \`ottugi config set watchdog.intervalMs 500\`. Check them: \`ottugi config validate\`.
- Each setting has a variable: \`OTTUGI_\`, the name in capitals, \`__\` for each dot. An empty variable says nothing. A list is \`a,b\`.
- *Owner only* settings change from a terminal, never over HTTP and never by the agent.
- Secrets are no settings: they stand in \`.env\` (\`ottugi config secret set ANTHROPIC_API_KEY\`).
- A change takes effect at the next start: \`ottugi restart\`.`

function groupOf(name: string): string {
  const keys = settingKeys().filter(({ key }) => key.startsWith(`${name}.`))
  return `## ${name}\n\n${sectionDescription(name)}\n\n${tableOf(keys)}`
}

function tableOf(keys: readonly SettingKey[]): string {
  const head = ['Setting', 'Default', 'Unit', 'Owner only', 'What it is', 'Values', 'Variable']
  const rows = keys.map(rowOf)
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function rowOf({ key, default: initial, unit, ownerOnly, description, type, environmentName }: SettingKey): string[] {
  const shown = typeof initial === 'string' ? initial : JSON.stringify(initial)
  return [code(key), code(shown), unit ?? '', ownerOnly ? 'yes' : '', description, type, code(environmentName)].map(
    inCell,
  )
}

function code(written: string): string {
  return `\`${written}\``
}

/** A bar would end the cell. */
function inCell(written: string): string {
  return written.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
