/**
 * Runs the program whose address is the first word, and ends with whoever started it: a thread waits for the end of the input, which comes with the
 * end of that process, however that comes, and also while the main thread hangs. Needs node: built-ins only; the Node is the one of that program.
 */
import { Socket } from 'node:net'
import { isMainThread, Worker } from 'node:worker_threads'

if (isMainThread) {
  new Worker(import.meta.filename).unref()
  await import(process.argv[2] ?? '')
} else {
  new Socket({ fd: 0 }).on('close', () => process.kill(process.pid, 'SIGKILL')).resume()
}
