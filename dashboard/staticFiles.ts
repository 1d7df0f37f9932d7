/** The built page: `index.html` with the base path put in, and files whose names change with their content. Nothing of it is secret. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Request, RequestHandler, Response } from 'express'
import { basePathOf } from './basePath.ts'
import type { DashboardContext } from './context.ts'

/** What the page may load and do: our own files only, no inline script, no form, no frame. */
export const PAGE_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** One folder deep at most, and no name that begins with a dot: nothing else was built. */
const FILE = /^\/(?:(assets)\/)?(\w[\w.-]*)$/
/** Addresses that no view of the page has. */
const IS_FILE = /^\/assets\/|\/\./
/** Their names hold a hash of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const BROTLI = '.br'

/** Serves files of the built page; passes on what is none. */
export function staticFiles({ distFolder }: Pick<DashboardContext, 'distFolder'>): RequestHandler {
  return async (request, response, next) => {
    const [, folder = '', name = ''] = FILE.exec(request.path) ?? []
    const type = TYPES[extname(name)]
    if (!type || !isReading(request)) return next()
    const file = join(distFolder, folder, name)
    const isSmall = acceptsBrotli(request)
    const small = isSmall ? await readIfThere(file + BROTLI) : undefined
    const content = small ?? (await readIfThere(file))
    if (!content) return next()
    response.set({
      'Content-Type': type,
      'Cache-Control': folder === 'assets' ? FOR_EVER : 'no-cache',
      Vary: 'Accept-Encoding',
      ...(small && { 'Content-Encoding': 'br' }),
    })
    response.send(content)
  }
}

/** Serves `index.html` for the addresses of the page; passes on where the page was not built. */
export function builtPage(context: DashboardContext): RequestHandler {
  return async (request, response, next) => {
    if (!isReading(request) || IS_FILE.test(request.path) || extname(request.path) in TYPES) return next()
    const page = await readIfThere(join(context.distFolder, 'index.html'))
    if (!page) return next()
    sendIndex(response, page.toString('utf8'), basePathOf(request, context))
  }
}

/** Its links are relative when it is built. An address of the page may be deep, and `<base>` is forbidden: so they are made whole here. */
function sendIndex(response: Response, page: string, basePath: string): void {
  const linked = page.replace(/ (href|src)="\.\//g, ` $1="${basePath}/`)
  response.type('html').send(linked.replace('<head>', `<head><meta name="ottugi-base" content="${basePath}">`))
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

function acceptsBrotli(request: Request): boolean {
  return request.acceptsEncodings('br') === 'br'
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch {
    return undefined
  }
}
