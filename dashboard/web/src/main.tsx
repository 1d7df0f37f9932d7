/** Where the page begins: preferences before the first paint, the shell, then what is live. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import './design/tokens.css'
import './design/base.css'
import './design/shell.css'
import './design/components.css'
import './charts/charts.css'
import './views/overview/overview.css'
import './views/incidents/incidents.css'
import './design/print.css'
import { App } from './app/App.tsx'
import { startClock } from './app/clock.ts'
import { loadMe } from './app/me.ts'
import { startPreferences } from './app/preferences.ts'
import { startRouter } from './app/router.ts'
import { startKeys } from './app/startKeys.ts'
import { language } from './app/text.ts'
import { refreshOverview, startLive } from './live/live.ts'

startPreferences()
startRouter()
startKeys()
startClock()
const place = document.getElementById('app')
if (place) render(<App />, place)
void loadMe()
startLive()

let spoken = language.peek()
effect(() => {
  // Sentences of the server are in the language that was asked for.
  if (language.value !== spoken) void refreshOverview()
  spoken = language.value
})
