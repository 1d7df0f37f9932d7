import { type Debugger, Session } from 'node:inspector'

/** Frames beyond this say nothing new about a loop that does not turn. */
const MAX_FRAMES = 20

/**
 * The JavaScript stack of the main thread at this moment, innermost frame first, taken from a worker over the inspector.
 * Undefined when the main thread did not stop within `limitMs`: it is in native code, or not running at all.
 * The main thread goes on as soon as the stack was read.
 */
export function captureMainStack(limitMs: number): Promise<string[] | undefined> {
  const session = new Session()
  session.connectToMainThread()
  return new Promise((resolve) => {
    const finish = (frames: string[] | undefined) => {
      clearTimeout(timer)
      // Disconnecting also takes back a pause that the main thread has not seen yet, and resumes one that it has.
      session.disconnect()
      resolve(frames)
    }
    const timer = setTimeout(() => finish(undefined), limitMs)
    // Frames name their script by id only; every script is told when the debugger is enabled, before the pause.
    const urls = new Map<string, string>()
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
    session.on('Debugger.paused', ({ params }) =>
      finish(params.callFrames.slice(0, MAX_FRAMES).map((frame) => describe(frame, urls))),
    )
    session.post('Debugger.enable')
    session.post('Debugger.pause')
  })
}

function describe(frame: Debugger.CallFrame, urls: ReadonlyMap<string, string>): string {
  const { scriptId, lineNumber, columnNumber } = frame.location
  return `${frame.functionName || '(anonymous)'} (${urls.get(scriptId) || 'unknown'}:${lineNumber + 1}:${(columnNumber ?? 0) + 1})`
}
