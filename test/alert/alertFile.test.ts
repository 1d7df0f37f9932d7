import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeAlert, openAlerts, writeAlert } from '../../src/alert/alertFile.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths

beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-alert-')))
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

function incident(id: string): Incident {
  return {
    id,
    openedAt: '2026-01-02T03:04:05.000Z',
    closedAt: null,
    fault: 'crash-loop',
    symptom: 'exited',
    tier: 'human',
    outcome: 'escalated',
    downMs: null,
    detectMs: 4,
    actions: [
      {
        action: 'guardian repair',
        args: {},
        at: '2026-01-02T03:05:00.000Z',
        verdict: 'allowed',
        result: 'started',
        undone: false,
      },
    ],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  }
}

describe('the alert file', () => {
  it('says what broke, since when, what was tried and what to do', () => {
    const text = readFileSync(writeAlert(paths, incident('I7'), 'it does not stay up', 'en'), 'utf8')
    for (const part of [
      'crash-loop',
      '2026-01-02T03:04:05.000Z',
      'guardian repair: started',
      'it does not stay up',
      'doctor',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('comes in Korean', () => {
    expect(readFileSync(writeAlert(paths, incident('I7'), 'x', 'ko'), 'utf8')).toMatch(/오뚝이가 도움을 기다립니다/)
  })

  it('keeps one open mark a incident until it is over', () => {
    writeAlert(paths, incident('I1'), 'x', 'en')
    writeAlert(paths, incident('I2'), 'x', 'en')
    writeAlert(paths, incident('I1'), 'x', 'en')
    expect(openAlerts(paths)).toEqual(['I2', 'I1'])
    closeAlert(paths, 'I1', '2026-01-02T04:00:00.000Z', 'en')
    closeAlert(paths, 'I2', '2026-01-02T04:00:00.000Z', 'en')
    closeAlert(paths, 'I9', '2026-01-02T04:00:00.000Z', 'en')
    expect(openAlerts(paths)).toEqual([])
  })

  it('lets no control character of a reason reach a terminal', () => {
    const text = readFileSync(writeAlert(paths, incident('I1'), 'a\u001b[2Jb\nc', 'en'), 'utf8')
    expect(text).toContain('a [2Jb c')
    expect(text).not.toContain('\u001b')
  })

  it('holds no secret, the head of the repair journal, and how to say that one takes care of it', () => {
    const voice = {
      language: 'en',
      // A head looks like a secret to any redactor, and must be there all the same.
      redact: (whole: string) => whole.replaceAll('hunter2', '[masked]').replaceAll('abc1', '[masked]'),
      journalHead: 'abc1',
    } as const
    const secret = { ...incident('I3'), human: 'put hunter2\u001b[2J right', symptom: 'hunter2', fault: 'a\nb' }
    const text = readFileSync(writeAlert(paths, secret, 'hunter2', voice), 'utf8')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('\u001b')
    expect(text).toContain('# Ottugi needs you: a b')
    expect(text).toContain('Head of the repair journal: abc1')
    expect(text).toMatch(/^ {4}.*ottugi alerts ack I3 --home /m)
    expect(openAlerts(paths)).toEqual(['I3'])
  })
})
