import { askAnthropic, loadAnthropic } from './anthropic.ts'
import type { Provider, Wire } from './modelCall.ts'
import { askOpenai, loadOpenai } from './openai.ts'

const ADAPTERS: Readonly<Record<Wire, Provider>> = { anthropic: askAnthropic, openai: askOpenai }

/** The adapter of a wire. Its SDK is loaded at its first call. */
export function providerOf(wire: Wire): Provider {
  return ADAPTERS[wire]
}

const LOADERS: Readonly<Record<Wire, () => Promise<unknown>>> = { anthropic: loadAnthropic, openai: loadOpenai }

/** Loads the SDK of a wire before its first call. */
export async function warmProvider(wire: Wire): Promise<void> {
  await LOADERS[wire]()
}
