import { randomUUID } from 'node:crypto'
import express, { type RequestHandler } from 'express'
import { sendProblem } from '../../shared/http/problem.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { Schedule } from '../schedule/schedule.ts'

/** What a call of a hook needs. */
export type HookContext = {
  readonly schedule: Pick<Schedule, 'isHookToken' | 'occur'>
  readonly language: Language
  readonly eventsPerHour: number
}

/** Longest body of a call, in bytes: it stands in a prompt. */
const BODY_LIMIT = 32 * 1_024
const LONGEST_KEY = 200

/**
 * `POST /api/hooks/:job`: makes the job due once, with the body as data for the model. The token is looked at before the body is read; the same
 * `Idempotency-Key` makes it due once. It never tells whether a job exists.
 */
export function hookRoute(context: HookContext): RequestHandler<{ job: string }>[] {
  const body = express.text({ limit: BODY_LIMIT, type: () => true, inflate: false })
  return [guard(context), body as RequestHandler<{ job: string }>, answer(context)]
}

function guard({ schedule, language }: HookContext): RequestHandler<{ job: string }> {
  return (request, response, next) => {
    const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
    if (token !== undefined && schedule.isHookToken(request.params.job, token)) return next()
    const detail = text(language, 'schedule.badHook')
    sendProblem(response, { status: 401, name: 'no-token', title: 'Token needed', detail })
  }
}

function answer({ schedule, language, eventsPerHour }: HookContext): RequestHandler<{ job: string }> {
  return (request, response) => {
    const { job } = request.params
    const key = (request.get('Idempotency-Key') ?? randomUUID()).slice(0, LONGEST_KEY)
    const body = typeof request.body === 'string' ? request.body : ''
    const payload = ['event: webhook', `content-type: ${request.get('content-type') ?? ''}`, '', body].join('\n')
    const occurred = schedule.occur({ job, key: `webhook:${key}`, payload })
    if (occurred === 'due' || occurred === 'known') return void response.status(202).json({ job, accepted: occurred })
    if (occurred === 'limited') {
      const detail = text(language, 'schedule.hookLimit', { most: eventsPerHour })
      return sendProblem(response, {
        status: 429,
        name: 'rate-limited',
        title: 'Too often',
        detail,
        retryAfterSec: 600,
      })
    }
    const detail = text(language, occurred === 'paused' ? 'schedule.hookPaused' : 'schedule.badHook')
    sendProblem(response, { status: 409, name: occurred, title: 'Not taken', detail })
  }
}
