import { describe, expect, it } from 'vitest'
import { dashboardChatMessages } from '../../../../src/shared/messages/dashboardChat.ts'
import { dashboardSessionsMessages } from '../../../../src/shared/messages/dashboardSessions.ts'
import { dashboardSettingsMessages } from '../../../../src/shared/messages/dashboardSettings.ts'
import { dashboardViewsMessages } from '../../../../src/shared/messages/dashboardViews.ts'
import type { Messages } from '../../../../src/shared/messages/message.ts'

const areas: readonly Messages[] = [
  dashboardChatMessages,
  dashboardSessionsMessages,
  dashboardSettingsMessages,
  dashboardViewsMessages,
]

describe('the texts of the views', () => {
  it('stand under a key of their own', () => {
    const keys = areas.flatMap((area) => Object.keys(area))
    expect(keys.length).toBe(new Set(keys).size)
  })

  it('are there in both languages, with the same parameters', () => {
    const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()
    const uneven = areas.flatMap((area) =>
      Object.entries(area).flatMap(([key, { en, ko }]) =>
        en !== '' && ko !== '' && namesIn(en).join() === namesIn(ko).join() ? [] : [key],
      ),
    )
    expect(uneven).toEqual([])
  })
})
