import type { Request } from 'express'
import type { Language } from '../src/shared/messages/message.ts'

/** The language of an answer: `?lang=`, else the first one that the reader accepts, where we speak it; else that of the home. */
export function languageOf(request: Request, { language }: { readonly language: Language }): Language {
  const { lang } = request.query
  const accepted = /^\s*(en|ko)(?![a-z])/i.exec(request.get('Accept-Language') ?? '')?.[1]?.toLowerCase()
  const asked = typeof lang === 'string' ? lang : accepted
  return asked === 'en' || asked === 'ko' ? asked : language
}
