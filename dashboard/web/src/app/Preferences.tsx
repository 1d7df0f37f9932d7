import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../design/Button.tsx'
import { Choice } from '../design/Tabs.tsx'
import { ask } from '../live/ask.ts'
import { me } from './me.ts'
import { overlay } from './overlays.ts'
import { pageMessages } from './pageMessages.ts'
import { chooseLanguage, chooseScheme, LANGUAGES, SCHEMES, scheme } from './preferences.ts'
import { language, sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** Language, colours, the keys, signing out: behind one button. */
export function Preferences() {
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const onPointer = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointer)
    return () => document.removeEventListener('pointerdown', onPointer)
  }, [isOpen])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the menu wherever in it the focus is
    <div
      class="preferences"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        setOpen(false)
        box.current?.querySelector('button')?.focus()
      }}
    >
      <Button
        kind="quiet"
        label={`${t('page.language')}, ${t('page.scheme')}`}
        expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path
            d="M10 2a8 8 0 1 0 0 16A8 8 0 0 0 10 2zM2 10h16M10 2c-5 5-5 11 0 16M10 2c5 5 5 11 0 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
          />
        </svg>
      </Button>
      {isOpen && <Menu onClose={() => setOpen(false)} />}
    </div>
  )
}

function Menu({ onClose }: { onClose: () => void }) {
  return (
    <div class="preferences-menu">
      <p class="menu-label">{t('page.language')}</p>
      <Choice label={t('page.language')} choices={LANGUAGES} current={language.value} onChange={chooseLanguage} />
      <p class="menu-label">{t('page.scheme')}</p>
      <Choice
        label={t('page.scheme')}
        choices={SCHEMES.map((key) => ({ key, label: t(`page.scheme.${key}`) }))}
        current={scheme.value}
        onChange={chooseScheme}
      />
      <div class="menu-foot">
        <Button
          onClick={() => {
            onClose()
            overlay.value = 'shortcuts'
          }}
        >
          {t('page.shortcuts')} <kbd>?</kbd>
        </Button>
        <Button onClick={() => void signOut()}>{t('page.signOut')}</Button>
      </div>
      {me.value && <p class="menu-version">{t('page.version', { version: me.value.version })}</p>}
    </div>
  )
}

async function signOut(): Promise<void> {
  await ask('logout', { method: 'POST' })
  location.reload()
}
