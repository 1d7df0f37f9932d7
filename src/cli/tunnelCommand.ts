import { userInfo } from 'node:os'

/** The tunnel for a browser on the other side of an SSH connection; nothing without one. */
export function tunnelCommand(environment: NodeJS.ProcessEnv, url: string): string | undefined {
  if (!environment['SSH_CONNECTION']) return undefined
  const { port } = new URL(url)
  const address = environment['SSH_CONNECTION'].split(' ')[2] ?? 'this-machine'
  return `ssh -L ${port}:127.0.0.1:${port} ${userInfo().username}@${address}`
}
