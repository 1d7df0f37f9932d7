/** Which overlay of the shell is open. */
import { signal } from '@preact/signals'

/** At most one at a time. */
export const overlay = signal<'none' | 'palette' | 'shortcuts'>('none')
