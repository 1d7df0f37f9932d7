import type { AcknowledgeRequest, ResultRequest } from '../shared/requestFiles.ts'

/** Makes sure that what lay in a request file is a request; undefined for anything else. */
export function readRequest(value: unknown): AcknowledgeRequest | ResultRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return readAcknowledgement(value) ?? readResult(value)
}

function readAcknowledgement(value: object): AcknowledgeRequest | undefined {
  const { request, id, by, at } = value as Partial<Record<keyof AcknowledgeRequest, unknown>>
  const isRequest = request === 'acknowledge' && (id === null || typeof id === 'string')
  if (!isRequest || typeof by !== 'string' || typeof at !== 'string') return undefined
  return { request, id, by, at }
}

function readResult(value: object): ResultRequest | undefined {
  const { request, channels, ...words } = value as Partial<Record<keyof ResultRequest, unknown>>
  const { run, job, finish, text, at } = words
  if (request !== 'result' || !isTextList(channels)) return undefined
  const given = [run, job, finish, text, at]
  return isTextList(given)
    ? { request, channels, ...(words as Omit<ResultRequest, 'request' | 'channels'>) }
    : undefined
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
