import { monotonicMs } from '../../shared/clock.ts'
import { type DiskRoom, readDiskRoom } from '../../shared/diskRoom.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'

const MIB = 1_024 * 1_024
/** One `statfs` at most so often, in milliseconds, however often the health is asked. */
const LOOK_MS = 1_000

/** Where to look, and what happens when a full disk has room again. */
export type DiskHealthFacts = {
  readonly language: Language
  readonly home: string
  readonly onRoom: () => void
}

/** The check `disk`: a full disk makes the agent degraded, never down. */
export function watchDisk({ language, home, onRoom }: DiskHealthFacts): () => HealthCheck {
  let room = readDiskRoom(home)
  let readAt = monotonicMs()
  return () => {
    if (monotonicMs() - readAt >= LOOK_MS) {
      const before = room
      room = readDiskRoom(home)
      readAt = monotonicMs()
      if (before.isFull && !room.isFull) onRoom()
    }
    return checkOf(language, room)
  }
}

function checkOf(language: Language, { freeBytes, freeInodes, isFull, isLow }: DiskRoom): HealthCheck {
  const freeMb = Math.floor(freeBytes / MIB)
  const params = { freeMb, inodes: freeInodes ?? '∞' }
  if (isFull) {
    const output = `${text(language, 'guardian.diskFull', params)} ${text(language, 'guardian.disk.serves')}`
    return { status: 'warn', observedValue: freeMb, output }
  }
  if (isLow) return { status: 'warn', observedValue: freeMb, output: text(language, 'guardian.diskLow', params) }
  return { status: 'pass', observedValue: freeMb }
}
