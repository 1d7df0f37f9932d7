/**
 * Opens an address in the browser of whoever sits at this machine. It goes through a file that only its owner may read:
 * what a program is given as an argument, everybody on the machine can read, and the address signs in.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileDurably } from '../shared/atomicFile.ts'

/** The program that opens files as a person would; undefined where nobody sits at this machine, or over SSH. */
export function openerOf(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (environment['SSH_CONNECTION']) return undefined
  if (platform === 'darwin') return 'open'
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? 'xdg-open' : undefined
}

/** What is opened, where, and with what. */
export type BrowserOrder = {
  readonly url: string
  /** The file that leads to it; replaced. */
  readonly file: string
  readonly opener: string
  readonly environment: NodeJS.ProcessEnv
}

/** Resolves true when the opener was started; false where it is not installed or the file cannot be written. */
export async function openBrowser({ url, file, opener, environment }: BrowserOrder): Promise<boolean> {
  try {
    writeFileDurably(file, pageTo(url))
    const child = spawn(opener, [file], { env: environment, stdio: 'ignore', detached: true })
    await once(child, 'spawn')
    child.unref()
    return true
  } catch {
    return false
  }
}

function pageTo(url: string): string {
  const safe = url.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${safe}">
<title>Ottugi</title>
<a href="${safe}">Ottugi</a>
`
}
