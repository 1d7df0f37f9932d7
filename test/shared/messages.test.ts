import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Messages } from '../../src/shared/messages/message.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'
import { table } from '../../src/shared/messages/table.ts'
import { chooseLanguage, text, textOf } from '../../src/shared/messages/text.ts'
import { appRoot } from '../../src/shared/paths.ts'

const folder = join(appRoot, 'src/shared/messages')
const NOT_AREAS = ['message.ts', 'phrase.ts', 'table.ts', 'text.ts']
const areas = readdirSync(folder).filter((name) => name.endsWith('.ts') && !NOT_AREAS.includes(name))

async function messagesOf(area: string): Promise<Messages> {
  const exported: Record<string, Messages> = await import(join(folder, area))
  return exported[`${area.replace('.ts', '')}Messages`] ?? {}
}

function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort()
}

describe('the message table', () => {
  it.each(Object.entries(table))('says %s in both languages with the same parameters', (_, { en, ko }) => {
    expect(en.trim()).not.toBe('')
    expect(ko.trim()).not.toBe('')
    expect(placeholders(ko)).toEqual(placeholders(en))
  })

  it('holds every area whole: no key is in two of them', async () => {
    const keys = (await Promise.all(areas.map(messagesOf))).flatMap((messages) => Object.keys(messages))
    expect(keys.toSorted()).toEqual(Object.keys(table).toSorted())
  })
})

describe('a text', () => {
  it('gets its parameters once', () => {
    expect(text('en', 'config.saved', { key: '{value}', value: 1 })).toBe('Saved {value} = 1.')
    expect(textOf('ko', phrase('got.nothing'))).toBe('값 없음')
  })

  it('checks keys and parameters when it is compiled', () => {
    // @ts-expect-error no such key
    expect(() => text('en', 'no.such.key')).toThrow()
    // @ts-expect-error a parameter is missing
    expect(text('en', 'config.saved', { key: 'a' })).toBe('Saved a = {value}.')
    // @ts-expect-error this one has no parameters
    expect(text('en', 'config.nothingChanged', { key: 'a' })).toBe('Nothing changed.')
  })
})

describe('the language', () => {
  it.each([
    ['auto', { LANG: 'ko_KR.UTF-8' }, 'ko'],
    ['auto', { LANG: 'ko' }, 'ko'],
    ['auto', { LANG: 'kok_IN' }, 'en'],
    ['auto', { LANG: 'ko_KR.UTF-8', LC_ALL: 'C' }, 'en'],
    ['auto', { LANG: 'en_US', LC_MESSAGES: 'ko_KR' }, 'ko'],
    ['auto', { LANG: 'ko_KR', LC_ALL: '' }, 'ko'],
    ['auto', {}, 'en'],
    ['en', { LANG: 'ko_KR' }, 'en'],
    ['ko', {}, 'ko'],
  ] as const)('%s in %j is %s', (setting, environment, language) => {
    expect(chooseLanguage(setting, environment)).toBe(language)
  })
})
