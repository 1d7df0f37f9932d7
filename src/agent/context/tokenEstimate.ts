/**
 * PURE. How many tokens something takes, on the safe side: no tokenizer of any provider is at hand, and an estimate that is too low ends in a refusal.
 *
 * Weights, by what byte-pair tokenizers do: English prose takes about a token for four letters, we count one for three. Digits, punctuation and
 * the other signs of code and JSON are cut smaller: one for two. A letter of two bytes in UTF-8 (Cyrillic, accents) counts one. A letter of three bytes
 * (Hangul, Han, Kana) counts two: older tokenizers cut a Hangul syllable into two or three pieces, newer ones into one.
 * Half of a surrogate pair counts two, so an emoji four, its bytes.
 */
import type { ToolOffer, Turn } from '../../model/modelCall.ts'

/** A picture of the largest size that providers do not scale down: 1,568 × 1,568 / 750 tokens at Anthropic is 3,278; most are less. */
export const IMAGE_TOKENS = 3_300
/** Marks around a turn, a call or an answer. */
const FRAME_TOKENS = 8

/** Tokens of a text. */
export function estimateText(text: string): number {
  let sixths = 0
  for (let index = 0; index < text.length; index++) sixths += weightOf(text.charCodeAt(index))
  return Math.ceil(sixths / 6)
}

function weightOf(code: number): number {
  if (code >= 0x800) return 12
  if (code >= 0x80) return 6
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 32
  return isLetter ? 2 : 3
}

/** A turn never changes: what was counted once need not be counted again with each call. */
const counted = new WeakMap<Turn, number>()

/** Tokens of a turn. What a provider wrote in its own form is counted in that form: thinking is sent back as well. */
export function estimateTurn(turn: Turn): number {
  const known = counted.get(turn) ?? countTurn(turn)
  counted.set(turn, known)
  return known
}

function countTurn(turn: Turn): number {
  if (turn.role === 'assistant') {
    const { text, calls = [], native } = turn
    const plain =
      estimateText(text) + sum(calls.map(({ name, input }) => FRAME_TOKENS + estimateText(name) + estimateJson(input)))
    return FRAME_TOKENS + Math.max(plain, native ? estimateJson(native.content) : 0)
  }
  const { text, images = [], answers = [] } = turn
  const answered = sum(answers.map((answer) => FRAME_TOKENS + estimateText(answer.text)))
  return FRAME_TOKENS + estimateText(text) + images.length * IMAGE_TOKENS + answered
}

/** Tokens of several turns. */
export function estimateTurns(turns: readonly Turn[]): number {
  return sum(turns.map(estimateTurn))
}

/** Offers are made once as well. */
const countedOffers = new WeakMap<readonly ToolOffer[], number>()

/** Tokens of the tools that are offered. */
export function estimateTools(tools: readonly ToolOffer[]): number {
  const known = countedOffers.get(tools) ?? countTools(tools)
  countedOffers.set(tools, known)
  return known
}

function countTools(tools: readonly ToolOffer[]): number {
  return sum(
    tools.map(({ name, description, inputSchema }) => {
      return FRAME_TOKENS + estimateText(name) + estimateText(description) + estimateJson(inputSchema)
    }),
  )
}

function estimateJson(value: unknown): number {
  return estimateText(JSON.stringify(value) ?? '')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
