import { dashboardViewsMessages } from '../../../../src/shared/messages/dashboardViews.ts'
import type { Unknown } from '../../../contract.ts'
import { sayFrom } from '../app/text.ts'
import { Notice } from '../design/Notes.tsx'
import { VisibleText } from '../design/VisibleText.tsx'

const t = sayFrom(dashboardViewsMessages)

/** What an answer could not know, and why: below it a dash or a sum without that part means exactly this. */
export function UnknownNotes({ unknown = [] }: { unknown?: readonly Unknown[] | undefined }) {
  return (
    <>
      {unknown.map(({ what, why }) => (
        <Notice key={`${what} ${why}`} tone="unknown">
          <VisibleText text={t('hostView.unknown', { what, why })} />
        </Notice>
      ))}
    </>
  )
}
