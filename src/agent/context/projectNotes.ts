/** Reads what the owner wrote for agents into the workspace. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectNotes } from './systemPrompt.ts'

/** The files that coding agents agree on; both are read where both are there. */
const FILES = ['AGENTS.md', 'CLAUDE.md']

/** Reads the notes, of each file at most `maxBytes`. A link, a pipe, or what cannot be read is passed over; the same text twice is told once. */
export function readProjectNotes(workspace: string, maxBytes: number): ProjectNotes[] {
  const found = FILES.flatMap((file) => {
    const notes = readStart(join(workspace, file), maxBytes)
    return notes && notes.text.trim() !== '' ? [{ file, ...notes }] : []
  })
  return found.filter(({ text }, index) => found.findIndex((other) => other.text === text) === index)
}

function readStart(path: string, maxBytes: number): Omit<ProjectNotes, 'file'> | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) return undefined
      const bytes = Buffer.alloc(Math.min(stats.size, maxBytes))
      const length = bytes.length === 0 ? 0 : readSync(fd, bytes, 0, bytes.length, 0)
      // A letter that the cut went through is left away.
      const text = new TextDecoder().decode(bytes.subarray(0, length), { stream: true })
      return { text: text.replaceAll('\0', ''), isCut: stats.size > length }
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}
