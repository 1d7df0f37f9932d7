/** A real Chromium for whatever opens the dashboard's page: the one from the registry, else the one of the system. */
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-zygote',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]
const OF_THE_SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts it without a window. Where none starts, the failure says which were tried and what to install. */
export async function launchBrowser(): Promise<Browser> {
  const failures: string[] = []
  for (const place of [() => chromium.executablePath(), ...OF_THE_SYSTEM.map((path) => async () => path)]) {
    try {
      return await playwright.launch({ executablePath: await place(), args: FLAGS, headless: true })
    } catch (error) {
      failures.push(String(error).split('\n').slice(0, 3).join(' '))
    }
  }
  const advice = 'Install a browser: on Debian `apt-get install chromium`, or the libraries that the first one names'
  throw new Error(`No Chromium starts here. ${advice}.\n${failures.join('\n')}`)
}
