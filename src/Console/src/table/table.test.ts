import { describe, expect, it } from 'vitest'
import { parseViews, withView } from './savedViews'
import { compare, counts, ordered, searcher, toggled } from './text'

describe('order', () => {
  it('is as people read', () => expect(['n-10', 'N-2', '', 'n-1'].sort(compare)).toEqual(['n-1', 'N-2', 'n-10', '']))
  it('puts what has no value last', () => expect([undefined, 3, null, 1].sort(compare).slice(0, 2)).toEqual([1, 3]))
})

describe('search', () => {
  const fits = searcher<{ a: string; b?: string }>((item) => [item.a, item.b])
  const item = { a: 'Team/Web', b: 'env=prod' }
  it.each([
    ['', true],
    ['  ', true],
    ['web', true],
    ['PROD web', true],
    ['web staging', false],
    ['webenv', false],
  ])('%s: %s', (search, found) => expect(fits(item, search)).toBe(found))
})

describe('lists in addresses', () => {
  it('gain and lose a name', () => {
    expect(toggled(undefined, 'a')).toBe('a')
    expect(toggled('a', 'b')).toBe('a,b')
    expect(toggled('a,b', 'a')).toBe('b')
    expect(toggled('a', 'a')).toBeUndefined()
  })
})

it('counts', () => expect([...counts(['a', 'b', 'a'], (each) => each)]).toEqual([['a', 2], ['b', 1]]))

describe('saved views', () => {
  it.each([null, '', 'nonsense', '{}', '[1, null, {"name": 3}, {"name": "x"}]'])('%s holds none', (text) => expect(parseViews(text)).toEqual([]))
  it('keep texts only', () => expect(parseViews('[{"name": "x", "search": {"q": "a", "n": 5}}]')).toEqual([{ name: 'x', search: { q: 'a' } }]))
  it('are replaced under their name', () => expect(withView([{ name: 'b', search: {} }, { name: 'a', search: {} }], { name: 'b', search: { q: '1' } })).toEqual([{ name: 'a', search: {} }, { name: 'b', search: { q: '1' } }]))
})

describe('the order', () => {
  const rows = [{ v: 'node-10' }, { v: undefined }, { v: 'node-2' }]
  it.each([[false, ['node-2', 'node-10', undefined]], [true, ['node-10', 'node-2', undefined]]] as const)('turned round %s keeps what has no value last', (desc, wanted) =>
    expect(ordered(rows, (row) => row.v, desc).map((row) => row.v)).toEqual(wanted))
})
