/** Who is signed in; asked once, and again after somebody signed in. */
import { signal } from '@preact/signals'
import type { Me } from '../../../contract.ts'
import { getMe } from '../live/api.ts'
import { suggestLanguage } from './preferences.ts'

/** Null before the answer. */
export const me = signal<Me | null>(null)

/** Asks who is signed in. */
export async function loadMe(): Promise<void> {
  const answer = await getMe()
  if (!answer.ok) return
  me.value = answer.value
  suggestLanguage(answer.value.language)
}
