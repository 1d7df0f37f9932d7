/** Takes one backup in a thread of its own: proving a large one takes long enough to look like a hang. */
import { parentPort, workerData } from 'node:worker_threads'
import { backupDatabase } from '../shared/backup.ts'

parentPort?.postMessage(await backupDatabase(workerData))
