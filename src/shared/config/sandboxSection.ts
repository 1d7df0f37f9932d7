/** The settings of the sandbox in which tools run, and of the broker through which alone they reach the network. */
import * as z from 'zod'
import { duration, section, setting, whole } from './fields.ts'

/** `host`, `host:port`, `*.host`, or an address in brackets with an optional port. */
const hostRule = z.string().regex(/^(\*\.)?[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/)

/** What the broker lets tools reach. */
export const networkSection = section(
  'The network, as far as tools reach it: through a broker that judges every address.',
  {
    allow: setting(z.array(hostRule), [], {
      description:
        'Hosts that may be reached although they lie on this machine or in a private network, or on a port other than 80 and 443: `host:port`. Everything public on 80 and 443 may be reached without standing here.',
      ownerOnly: true,
      form: 'hostRules',
    }),
    deny: setting(z.array(hostRule), [], {
      description: 'Hosts that are never reached; `*.host` means all below it. Stronger than allow.',
      ownerOnly: true,
      form: 'hostRules',
    }),
    secrets: setting(z.array(z.string().regex(/^(?!OTTUGI_)[A-Za-z_]\w*=[A-Za-z0-9._-]+(:\d{1,5})?$/i)), [], {
      description:
        'Which secret of .env may be sent to which host, as `VARIABLE=host` (or `VARIABLE=host:port` for a service of your own). The broker puts it into the request; no tool sees it.',
      ownerOnly: true,
      form: 'secretHosts',
    }),
    timeoutMs: setting(duration(100), 30_000, { description: 'How long one request may take.', unit: 'ms' }),
    maxBytes: setting(whole(1_024, 64 * 1_048_576), 5 * 1_048_576, {
      description: 'Longest answer that is read, unpacked.',
      unit: 'bytes',
    }),
  },
)

/** Where tools run, what they see, and how much they may use. */
export const sandboxSection = section('The sandbox: where tools run, and what they may use.', {
  user: setting(z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/), 'nobody', {
    description:
      'The user that tools run as when the agent is started by root. Never root; the folder workspace/ is given to this user.',
    ownerOnly: true,
    form: 'user',
  }),
  folders: setting(z.array(z.string().regex(/^\/[^\0]*$/)), [], {
    description:
      'Folders beside workspace/ that tools see: absolute paths, readable only; with `:rw` at the end also writable.',
    ownerOnly: true,
    form: 'folders',
  }),
  parallel: setting(whole(1, 64), 8, { description: 'Tools that run at the same time.', unit: 'tools' }),
  idleMs: setting(duration(0), 30_000, {
    description: 'How long the child of a session is kept after its last tool.',
    unit: 'ms',
  }),
  processes: setting(whole(16, 65_536), 256, {
    description: 'Most processes and threads in one sandbox.',
    unit: 'processes',
    ownerOnly: true,
  }),
  memoryMb: setting(whole(128, 1_048_576), 1_024, {
    description: 'Most memory that one sandbox may use; beyond it the tool is ended.',
    unit: 'MiB',
    ownerOnly: true,
  }),
  fileMb: setting(whole(1, 1_048_576), 1_024, {
    description: 'Largest file that a tool may write.',
    unit: 'MiB',
    ownerOnly: true,
  }),
  writeMb: setting(whole(1, 1_048_576), 2_048, {
    description: 'Most that one tool call may write to the disk in all; beyond it the tool is ended.',
    unit: 'MiB',
    ownerOnly: true,
  }),
  tmpMb: setting(whole(1, 65_536), 256, { description: 'Size of the /tmp of one sandbox.', unit: 'MiB' }),
  openFiles: setting(whole(64, 65_536), 1_024, { description: 'Files that one process may have open.', unit: 'files' }),
  cpuSec: setting(whole(1, 86_400), 600, { description: 'CPU time that one process may use.', unit: 's' }),
})

/** The settings of the broker. */
export type NetworkSettings = z.infer<typeof networkSection>

/** The settings of the sandbox. */
export type SandboxSettings = z.infer<typeof sandboxSection>
