/** The settings of the dashboard: where it listens, and under which address a proxy shows it. */
import { isIP } from 'node:net'
import * as z from 'zod'
import { host, portNumber, section, setting, webAddress } from './fields.ts'

/** Nothing, or `/one/or/more/names` without a slash at its end. */
const basePath = z.string().regex(/^(?:\/[A-Za-z0-9._~-]+)*$/)

/** An address, or a net of them: `10.0.0.0/8`. A net of everything would trust everybody. */
const proxyAddress = z.string().refine((given) => {
  const [address = '', bits, ...rest] = given.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
})

/** The group `dashboard`. */
export const dashboardSection = section('The dashboard: the page in the browser.', {
  host: setting(host, '127.0.0.1', {
    description: 'Address that the dashboard listens on. Beyond loopback only with OTTUGI_TOKEN set.',
    ownerOnly: true,
    form: 'host',
  }),
  port: setting(portNumber, 7711, { description: 'Port of the dashboard; 0 takes any free one.' }),
  publicUrl: setting(z.union([z.literal(''), webAddress]), '', {
    description:
      'Address under which a reverse proxy shows the dashboard, such as https://example.org; requests for that host are answered beside those for our own. Empty where there is no proxy.',
    ownerOnly: true,
    form: 'optionalUrl',
  }),
  basePath: setting(basePath, '', {
    description:
      'Path below which a reverse proxy shows the dashboard, such as /ottugi. The proxy may pass it on or take it away. Empty: the root.',
    ownerOnly: true,
    form: 'basePath',
  }),
  trustedProxies: setting(z.array(proxyAddress), [], {
    description:
      'Addresses of reverse proxies that are believed when they say who asks, and whether by https (X-Forwarded-For, -Proto, -Prefix).',
    ownerOnly: true,
    form: 'proxies',
  }),
})
