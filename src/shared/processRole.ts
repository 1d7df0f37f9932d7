/** True when this process was started by the supervisor; one that was started by hand never takes over from a living one. */
export function isSupervised(environment: NodeJS.ProcessEnv): boolean {
  return environment['OTTUGI_SUPERVISED'] === '1'
}
