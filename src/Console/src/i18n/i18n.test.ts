import { describe, expect, it } from 'vitest'
import { en } from './en'
import { fr } from './fr'
import { choose } from './language'
import { format, type Message, places } from './messages'
import { ago, span } from './time'

describe('catalogues', () => {
  it('have the same keys', () => expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort()))

  it('have the same places in each text', () => {
    for (const [key, message] of Object.entries<Message>(en)) expect(places((fr as Record<string, Message>)[key]!), key).toEqual(places(message))
  })

  it('leave no text empty, and translate what is more than a word', () => {
    for (const [key, message] of Object.entries<Message>(fr)) {
      const texts = typeof message === 'string' ? [message] : [message.one, message.other]
      for (const text of texts) expect(text.trim(), key).not.toBe('')
      const english = (en as Record<string, Message>)[key]
      if (typeof message === 'string' && message.split(' ').length > 2) expect(message, key).not.toBe(english)
    }
  })
})

describe('format', () => {
  const clusters = { one: '{count} cluster', other: '{count} clusters' }
  it.each([
    ['en', 0, '0 clusters'],
    ['en', 1, '1 cluster'],
    ['fr', 0, '0 cluster'],
    ['fr', 1, '1 cluster'],
    ['fr', 2, '2 clusters'],
    ['fr', 1_000_000, '1\u202f000\u202f000 clusters'],
  ])('%s counts %d', (language, count, text) => expect(format(language, clusters, { count })).toBe(text))

  it('leaves places alone that nothing is given for', () => expect(format('en', '{a} and {b}', { a: 'x' })).toBe('x and {b}'))
})

describe('the language', () => {
  it.each([
    [null, ['fr-CA', 'en'], 'fr'],
    [null, ['de', 'ja'], 'en'],
    ['en', ['fr'], 'en'],
    ['klingon', ['fr'], 'fr'],
  ])('of %s and %s is %s', (kept, wanted, language) => expect(choose(kept, wanted)).toBe(language))
})

describe('ages', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  it.each([
    ['2026-11-21T11:59:55Z', '5s', '5 sec. ago'],
    ['2026-11-21T10:59:55Z', '1h', '1 hr. ago'],
    ['2026-11-18T12:00:00Z', '3d', '3 days ago'],
  ])('of %s', (time, short, long) => {
    expect(span('en', time, now)).toBe(short)
    expect(ago('en', time, now)).toBe(long)
  })
  it('of what happened since the clock of the page stood still are none', () => expect([ago('en', '2026-11-21T12:00:07Z', now), ago('en', '2026-11-21T12:00:40Z', now)]).toEqual(['now', 'in 40 sec.']))
  it('are never below nothing when clocks differ', () => expect(span('en', '2026-11-21T12:00:09Z', now)).toBe('0s'))
})
