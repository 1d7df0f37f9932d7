/** What the command palette offers, in the reader's language; the English names fit too. */

import { visibleIn } from '../design/visible.ts'
import { overview } from '../live/live.ts'
import { askAction, offeredActions } from './actions.ts'
import { me } from './me.ts'
import { overlay } from './overlays.ts'
import { pageMessages as messages } from './pageMessages.ts'
import { chooseLanguage, chooseScheme, LANGUAGES, SCHEMES } from './preferences.ts'
import { NAVIGATION } from './route.ts'
import { goTo, linkTo } from './router.ts'
import { language, sayFrom } from './text.ts'

const t = sayFrom(messages)

/** One thing to go to or to do. `names` are what it is found by; the first is shown. */
export type PaletteItem = {
  readonly id: string
  readonly kind: string
  readonly names: readonly string[]
  readonly run: () => void
}

/** All of them now: open incidents first, then views, actions and switches. */
export function paletteItems(): PaletteItem[] {
  const open = (overview.value?.incidents ?? []).filter(({ closedAt }) => closedAt === null)
  return [
    ...open.map(({ id, fault }) => ({
      id: `incident-${id}`,
      kind: t('page.kind.incident'),
      names: [`${visibleIn(fault)} (${visibleIn(id)})`],
      run: () => goTo(linkTo('incidents', id)),
    })),
    ...NAVIGATION.map((view) => ({
      id: `view-${view}`,
      kind: t('page.kind.view'),
      names: [t(`page.nav.${view}`), messages[`page.nav.${view}`].en],
      run: () => goTo(linkTo(view)),
    })),
    ...offeredActions(overview.value, me.value?.can ?? null).map((name) => ({
      id: `action-${name}`,
      kind: t('page.kind.action'),
      names: [t(`page.act.${name}`), messages[`page.act.${name}`].en],
      run: () => askAction(name),
    })),
    ...switches(),
  ]
}

function switches(): PaletteItem[] {
  return [
    ...LANGUAGES.filter(({ key }) => key !== language.value).map(({ key, label }) => ({
      id: `language-${key}`,
      kind: t('page.kind.switch'),
      names: [`${t('page.language')}: ${label}`, `Language ${key}`],
      run: () => chooseLanguage(key),
    })),
    ...SCHEMES.map((key) => ({
      id: `scheme-${key}`,
      kind: t('page.kind.switch'),
      names: [`${t('page.scheme')}: ${t(`page.scheme.${key}`)}`, `Colors ${key}`],
      run: () => chooseScheme(key),
    })),
    {
      id: 'shortcuts',
      kind: t('page.kind.switch'),
      names: [t('page.shortcuts'), 'Keyboard shortcuts'],
      run: () => {
        overlay.value = 'shortcuts'
      },
    },
  ]
}
