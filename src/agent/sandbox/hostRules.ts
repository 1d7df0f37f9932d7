/** The owner's rules about hosts: `host`, `host:port`, `*.host`, `[address]:port`. Pure. */

/** A rule, taken apart. */
export type HostRule = { readonly host: string; readonly port: number | undefined; readonly isWildcard: boolean }

/** Where a request goes. `host` is without brackets, in small letters, without a dot at its end. */
export type Target = { readonly host: string; readonly port: number }

/** Ports that need no rule. */
export const ORDINARY_PORTS: readonly number[] = [80, 443]

/** Reads a rule. */
export function hostRule(written: string): HostRule {
  const match = /^(?:\[([^\]]+)\]|(\*\.)?([^:]+))(?::(\d+))?$/.exec(written)
  const host = plainHost(match?.[1] ?? match?.[3] ?? written)
  const port = match?.[4] === undefined ? undefined : Number(match[4])
  return { host, port, isWildcard: match?.[2] !== undefined }
}

/** The one form in which hosts are compared. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

/** Where a URL goes. */
export function targetOf(url: URL): Target {
  return { host: plainHost(url.hostname), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

/** True when a rule that forbids means this target: without a port it means all of them. */
export function isDenied({ host, port }: Target, rules: readonly HostRule[]): boolean {
  return rules.some((rule) => meansHost(rule, host) && (rule.port === undefined || rule.port === port))
}

/** The rules that allow this target: without a port they mean the ordinary ones. */
export function allowing({ host, port }: Target, rules: readonly HostRule[]): HostRule[] {
  return rules.filter(
    (rule) =>
      meansHost(rule, host) && (rule.port === port || (rule.port === undefined && ORDINARY_PORTS.includes(port))),
  )
}

function meansHost(rule: HostRule, host: string): boolean {
  return rule.isWildcard ? host.endsWith(`.${rule.host}`) : rule.host === host
}
