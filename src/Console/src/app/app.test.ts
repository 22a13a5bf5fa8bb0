import { describe, expect, it } from 'vitest'
import { byLastChange, conditionTone } from './Conditions'
import { changed, texts } from './searchText'
import { match, type Shortcut } from './shortcuts'
import type { Condition } from '../api/types'

describe('shortcuts', () => {
  const shortcut = (...keys: string[]): Shortcut => ({ keys, text: 'keys.help', run: () => undefined })
  const all = [shortcut('/'), shortcut('g', 'c'), shortcut('g', 's')]
  it('act when all their keys were pressed', () => {
    expect(match(all, ['/'])).toBe(all[0])
    expect(match(all, ['g'])).toBe('more')
    expect(match(all, ['g', 's'])).toBe(all[2])
    expect(match(all, ['g', 'x'])).toBeNull()
    expect(match(all, ['x'])).toBeNull()
  })
})

describe('conditions', () => {
  const condition = (type: string, status: Condition['status'], reason = 'Succeeded', lastTransitionTime = ''): Condition => ({ type, status, reason, message: '', lastTransitionTime })
  it.each([
    [condition('Ready', 'True'), 'good'],
    [condition('Ready', 'False', 'Failed'), 'bad'],
    [condition('Ready', 'False', 'Progressing'), 'busy'],
    [condition('Ready', 'Unknown'), 'doubt'],
    [condition('Paused', 'True'), 'held'],
    [condition('Drifted', 'True'), 'held'],
  ])('%j is %s', (told, tone) => expect(conditionTone(told)).toBe(tone))
  it('come newest first', () => {
    const sorted = byLastChange([condition('A', 'True', '', '2026-01-01T00:00:00Z'), condition('B', 'True', '', '2026-01-02T00:00:00Z')])
    expect(sorted.map((each) => each.type)).toEqual(['B', 'A'])
  })
})

describe('addresses', () => {
  it('hold texts', () => expect(texts(['a', 'b', 'c'], { a: 1, b: '', c: {} })).toEqual({ a: '1' }))
  it('lose what is taken away', () => expect(changed<{ a?: string; b?: string }>({ a: '1', b: '2' }, { a: undefined })).toEqual({ b: '2' }))
})
