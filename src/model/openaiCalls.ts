/** Puts the calls of a chat completion together from their pieces: by index, in any order, with ids and names that come once, always or never. */
import type { OpenaiNative } from './openaiWire.ts'
import type { RawCall } from './toolCall.ts'
import { countIn, fieldsOf, textIn } from './wireValue.ts'

/** A call as far as it came. */
type Slot = { readonly index: number; id: string; name: string; json: string; extra?: object }

/** A piece of a call; what it does not say is empty. */
type Piece = {
  readonly index: number | undefined
  readonly id: string
  readonly name: string
  readonly json: string
  /** Gemini's thought signature; the next request must bring it back. */
  readonly extra: object | undefined
}

/** The fold of the calls of one answer. */
export function foldCalls() {
  const slots: Slot[] = []
  const inOrder = () => slots.toSorted((a, b) => a.index - b.index)
  return {
    /** Takes a piece; returns its weight in characters. */
    take: (came: unknown): number => {
      const piece = pieceIn(came)
      addTo(slotFor(slots, piece), piece)
      return 1 + piece.json.length
    },
    inOrder: (): RawCall[] => inOrder().map(({ id, name, json }) => ({ id, name, json })),
    /** What the provider wrote beside the calls, by the ids under which they go on. */
    extras: (ids: readonly string[]): Pick<OpenaiNative, 'extras'> => {
      const found = inOrder().flatMap(({ extra }, place) => (extra ? [[ids[place] ?? '', extra] as const] : []))
      return found.length > 0 ? { extras: Object.fromEntries(found) } : {}
    },
  }
}

function pieceIn(came: unknown): Piece {
  const piece = fieldsOf<'index' | 'id' | 'function' | 'extra_content'>(came)
  const called = fieldsOf<'name' | 'arguments'>(piece.function)
  const extra = piece.extra_content
  return {
    index: countIn(piece.index),
    id: textIn(piece.id),
    name: textIn(called.name),
    json: argumentsIn(called.arguments),
    extra: typeof extra === 'object' && extra !== null ? extra : undefined,
  }
}

/** Ollama has sent them as an object. */
function argumentsIn(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : textIn(value)
}

/**
 * The call that a piece belongs to: the one of its index, unless it names another id (Gemini has numbered parallel calls all 0). Without an index
 * a new id or a name begins a call, and everything else goes on with the last one.
 */
function slotFor(slots: Slot[], piece: Piece): Slot {
  const known = knownSlot(slots, piece)
  if (known) return known
  const slot: Slot = { index: piece.index ?? slots.length, id: '', name: '', json: '' }
  slots.push(slot)
  return slot
}

function knownSlot(slots: readonly Slot[], { index, id, name }: Piece): Slot | undefined {
  const isOpen = (slot: Slot) => id === '' || slot.id === '' || slot.id === id
  if (index !== undefined) return slots.findLast((slot) => slot.index === index && isOpen(slot))
  if (id !== '') return slots.find((slot) => slot.id === id)
  return name === '' ? slots.at(-1) : undefined
}

function addTo(slot: Slot, { id, name, json, extra }: Piece): void {
  if (slot.id === '') slot.id = id
  if (slot.name === '') slot.name = name
  if (extra) slot.extra = extra
  slot.json += json
}
