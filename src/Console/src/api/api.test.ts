import { describe, expect, it } from 'vitest'
import { ObjectSet } from './objectSet'
import { EventParser } from './events'
import { readToken, shortName } from './session'
import type { Cluster } from './types'

const cluster = (name: string, uid = name, phase = 'Ready'): Cluster => ({ namespace: 'team', name, uid, phase }) as Cluster
const told = (name: string, object: Cluster) => ({ name, data: JSON.stringify({ kind: 'clusters', object }) })
const names = (set: ObjectSet<Cluster>) => set.all().map((each) => each.name)

describe('EventParser', () => {
  const stream = ': alive\n\nevent: added\nid: \ndata: {"a":1}\n\nid: clusters=7\n\nevent: synced\r\nid: clusters=9\r\ndata: x\r\ndata: y\r\n\r\n'

  it('reads the same whatever the pieces are', () => {
    for (const size of [1, 2, 3, 7, stream.length]) {
      const parser = new EventParser()
      const found = []
      for (let at = 0; at < stream.length; at += size) found.push(...parser.push(stream.slice(at, at + size)))
      expect(found, `pieces of ${size}`).toEqual([
        { name: 'added', data: '{"a":1}' },
        { name: 'synced', data: 'x\ny' },
      ])
      expect(parser.id).toBe('clusters=9')
    }
  })

  it('forgets the id when an empty one comes', () => {
    const parser = new EventParser()
    parser.push('id: clusters=3\n\n')
    parser.push('event: resync\nid: \ndata: {}\n\n')
    expect(parser.id).toBe('')
  })
})

describe('ObjectSet', () => {
  it('adds, changes and takes away', () => {
    const set = new ObjectSet<Cluster>()
    set.replace([cluster('a')])
    expect(set.apply(told('added', cluster('b')))).toBe(true)
    expect(set.apply(told('modified', cluster('a', 'a', 'Failed')))).toBe(true)
    expect(set.find('team/a')?.phase).toBe('Failed')
    set.apply({ name: 'deleted', data: JSON.stringify({ namespace: 'team', name: 'b', uid: 'b' }) })
    expect(names(set)).toEqual(['a'])
  })

  it('keeps what it showed until a new list is complete', () => {
    const set = new ObjectSet<Cluster>()
    set.replace([cluster('a'), cluster('b')])
    set.apply({ name: 'resync', data: '{}' })
    expect(set.apply(told('added', cluster('c')))).toBe(false)
    expect(names(set)).toEqual(['a', 'b'])
    expect(set.apply({ name: 'synced', data: '{}' })).toBe(true)
    expect(names(set)).toEqual(['c'])
  })

  it('does not take away another one of the same name', () => {
    const set = new ObjectSet<Cluster>()
    set.replace([cluster('a', 'new')])
    set.apply({ name: 'deleted', data: JSON.stringify({ namespace: 'team', name: 'a', uid: 'old' }) })
    expect(names(set)).toEqual(['a'])
  })
})

describe('tokens', () => {
  const token = (claims: object) => `x.${btoa(JSON.stringify(claims)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}.y`
  it('say who and until when', () => expect(readToken(token({ sub: 'system:serviceaccount:a:b', exp: 12 }))).toEqual({ user: 'system:serviceaccount:a:b', expires: 12_000 }))
  it.each(['', 'opaque', 'a.b.c', token({ sub: 5 })])('%s is nobody that can be read', (text) => expect(readToken(text)).toEqual({ user: null, expires: null }))
  it('have short names', () => {
    expect(shortName('system:serviceaccount:team:operator')).toBe('operator · team')
    expect(shortName('alice')).toBe('alice')
  })
})
