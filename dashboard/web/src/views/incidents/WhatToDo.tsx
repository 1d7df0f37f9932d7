import { pageMessages } from '../../app/pageMessages.ts'
import { sayFrom } from '../../app/text.ts'
import { Notice } from '../../design/Notes.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'

const t = sayFrom(pageMessages)

/** What a person should do about an incident: the one line that somebody half asleep must find. */
export function WhatToDo({ what }: { what: string }) {
  return (
    <Notice tone="bad">
      <strong>{t('page.inc.human')}</strong>
      <p>
        <VisibleText text={what} />
      </p>
    </Notice>
  )
}
