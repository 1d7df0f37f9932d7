import type { AcknowledgeRequest } from '../shared/requestFiles.ts'

/** Makes sure that what lay in a request file is a request; undefined for anything else. */
export function readRequest(value: unknown): AcknowledgeRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { request, id, by, at } = value as Partial<Record<keyof AcknowledgeRequest, unknown>>
  const isRequest = request === 'acknowledge' && (id === null || typeof id === 'string')
  if (!isRequest || typeof by !== 'string' || typeof at !== 'string') return undefined
  return { request, id, by, at }
}
