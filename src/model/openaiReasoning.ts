/**
 * The thinking of models on OpenAI's wire. Nobody reads it here; it is kept where its provider demands it back: DeepSeek and Moonshot
 * (`reasoning_content`, https://api-docs.deepseek.com/guides/thinking_mode) and OpenRouter (`reasoning_details`).
 */
import type { OpenaiNative } from './openaiWire.ts'
import { fieldsOf, listIn, textIn } from './wireValue.ts'

type Detail = Readonly<Record<string, unknown>>

/** Texts of a detail that come in pieces; everything else is said once. */
const IN_PIECES = ['text', 'summary', 'data']

/** The fold of the thinking of one answer. */
export function foldReasoning() {
  let reasoning = ''
  const details = new Map<unknown, Detail>()
  return {
    /** Takes a delta; returns its weight in characters. */
    take: (came: unknown): number => {
      const delta = fieldsOf<'reasoning_content' | 'reasoning' | 'reasoning_details'>(came)
      const piece = textIn(delta.reasoning_content) || textIn(delta.reasoning)
      reasoning += piece
      const found = listIn(delta.reasoning_details).filter(isDetail)
      for (const detail of found) addDetail(details, detail)
      return piece.length + (found.length > 0 ? JSON.stringify(found).length : 0)
    },
    kept: (): Pick<OpenaiNative, 'reasoning' | 'details'> => ({
      ...(reasoning === '' ? {} : { reasoning }),
      ...(details.size === 0 ? {} : { details: [...details.values()] }),
    }),
  }
}

function isDetail(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null
}

function addDetail(details: Map<unknown, Detail>, detail: Detail): void {
  const place = detail['index'] ?? detail['id'] ?? details.size
  const before = details.get(place)
  const joined = IN_PIECES.flatMap((name) => {
    const [first, second] = [before?.[name], detail[name]]
    return typeof first === 'string' && typeof second === 'string' ? [[name, first + second] as const] : []
  })
  details.set(place, { ...before, ...detail, ...Object.fromEntries(joined) })
}
