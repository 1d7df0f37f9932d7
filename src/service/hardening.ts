/**
 * What a system unit may not do. Tried one by one under systemd 252 with the sandbox of the tools (bubblewrap) inside: it needs every kind of
 * namespace but those of cgroups and of time, AF_NETLINK for its loopback, to mount, and to name its own host, which hides the real name from tools.
 * So these break it and are set only where tools are off: ProtectHostname, RestrictNamespaces=yes, a bare @system-service. ProcSubset=pid hides the
 * boot id that our clocks are kept by, and V8 writes the code that it runs: MemoryDenyWriteExecute is never set. NotifyAccess=all is the price of
 * having no main process. PrivateUsers is never set either: each command of the unit would have users of its own, and neither its stop nor a command
 * of its user in a terminal could tell which processes are ours, or whether the holder of a lock lives.
 */

/** Bears bubblewrap and costs nothing. */
const ALWAYS = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'DevicePolicy=closed',
  'ProtectKernelTunables=yes',
  'PrivateMounts=yes',
  'PrivateIPC=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectProc=invisible',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
] as const

/** What bubblewrap must be able to do. Without a capability of the host it can do it inside its own namespaces only. */
const WITH_TOOLS = [
  // There bubblewrap closes a sandbox for further ones inside it, which only the maker of a sandbox may, and root.
  'ReadWritePaths=/proc/sys/user',
  'SystemCallFilter=mount umount2 pivot_root sethostname capset prlimit64',
  'RestrictNamespaces=user mnt pid ipc uts net',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
] as const

/** No tool starts a program: then nothing of it is needed. AF_NETLINK stays, a list of the machine's addresses is read over it. */
const WITHOUT_TOOLS = [
  'RestrictNamespaces=yes',
  'ProtectHostname=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
] as const

/** A unit of one's own user: what needs no right to set, and what holds where the user's own files must stay in reach. */
export const USER_UNIT_LINES: readonly string[] = [
  'NoNewPrivileges=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
]

/** The lines of a system unit. `tools`: may tools run programs there? */
export function systemUnitLines(tools: boolean): readonly string[] {
  return [...ALWAYS, ...(tools ? WITH_TOOLS : WITHOUT_TOOLS)]
}
