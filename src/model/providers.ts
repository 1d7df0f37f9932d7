import { askAnthropic } from './anthropic.ts'
import type { Provider, Wire } from './modelCall.ts'
import { askOpenai } from './openai.ts'

const ADAPTERS: Readonly<Record<Wire, Provider>> = { anthropic: askAnthropic, openai: askOpenai }

/** The adapter of a wire. Its SDK is loaded at its first call. */
export function providerOf(wire: Wire): Provider {
  return ADAPTERS[wire]
}
