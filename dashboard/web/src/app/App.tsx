import { useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Notice } from '../design/Notes.tsx'
import { Toasts } from '../design/Toasts.tsx'
import { TONE_SIGNS } from '../design/tone.ts'
import { isSignedOut } from '../live/ask.ts'
import { fresh, lastHeardAt } from '../live/live.ts'
import { ActionDialog } from './ActionDialog.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { currentState } from './currentState.ts'
import { Header } from './Header.tsx'
import { me } from './me.ts'
import { Navigation } from './Navigation.tsx'
import { pageMessages } from './pageMessages.ts'
import { route } from './router.ts'
import { Shortcuts } from './Shortcuts.tsx'
import { SignIn } from './SignIn.tsx'
import { sayFrom } from './text.ts'
import { ViewPlace } from './ViewPlace.tsx'

const t = sayFrom(pageMessages)

/** The shell: each view has its head of the first rank (`h1`) from here and begins with its own parts. */
export function App() {
  useDocumentTitle()
  if (isSignedOut.value) return <SignIn />
  return (
    <>
      <a class="skip" href="#main">
        {t('page.skip')}
      </a>
      <Header />
      <Navigation />
      <Main />
      <Toasts />
      <ActionDialog />
      <CommandPalette />
      <Shortcuts />
    </>
  )
}

function Main() {
  const view = route.value?.view ?? null
  const title = useRef<HTMLHeadingElement>(null)
  useFocusOn(title, `${view}/${route.value?.id ?? ''}`)
  return (
    <main id="main" tabIndex={-1}>
      <h1 ref={title} tabIndex={-1} class={view === 'overview' ? 'sr-only' : ''}>
        {nameOf(view)}
      </h1>
      {!fresh.value && lastHeardAt.value !== null && (
        <div role="status">
          <Notice tone="unknown">{t('page.silent')}</Notice>
        </div>
      )}
      {me.value?.notes.map((note) => (
        <Notice key={note} tone="info">
          {note}
        </Notice>
      ))}
      <ViewPlace />
    </main>
  )
}

/** Whoever goes somewhere with the keyboard begins at its head; the first view keeps the focus of the browser. */
function useFocusOn(title: { readonly current: HTMLElement | null }, place: string): void {
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    title.current?.focus({ preventScroll: true })
  }, [place])
}

function useDocumentTitle(): void {
  useSignalEffect(() => {
    const { tone, word } = currentState()
    const view = route.value?.view ?? null
    const parts = [`${TONE_SIGNS[tone]} ${word}`, view === 'overview' ? '' : nameOf(view), t('page.name')]
    document.title = parts.filter((part) => part !== '').join(' – ')
  })
}

function nameOf(view: NonNullable<typeof route.value>['view'] | null): string {
  if (view === null) return t('page.name')
  return t(`page.nav.${view === 'runs' ? 'sessions' : view}`)
}
