import { useId, useState } from 'preact/hooks'
import { Button } from '../design/Button.tsx'
import { ErrorNote } from '../design/Notes.tsx'
import { askRaw } from '../live/ask.ts'
import { BrandMark } from './Header.tsx'
import { pageMessages } from './pageMessages.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** What somebody sees whose session is over. The token is sent once and kept nowhere. */
export function SignIn() {
  const [token, setToken] = useState('')
  const [reason, setReason] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const id = useId()
  const signIn = async () => {
    setBusy(true)
    const answer = await askRaw('login', { method: 'POST', body: { token } })
    setBusy(false)
    if (answer.ok) location.reload()
    else setReason(answer.reason)
  }
  return (
    <main class="sign-in" id="main">
      <BrandMark />
      <h1>{t('page.signInTitle')}</h1>
      <p>{t('page.signInHow', { command: 'ottugi dashboard' })}</p>
      {reason && <ErrorNote reason={reason} />}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (token.trim() !== '' && !isBusy) void signIn()
        }}
      >
        <label htmlFor={id}>{t('page.token')}</label>
        <input
          id={id}
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('page.signIn')}
        </Button>
      </form>
    </main>
  )
}
