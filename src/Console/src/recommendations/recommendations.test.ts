import { describe, expect, it } from 'vitest'
import { compared, linesOf, readable } from '../app/lines'

describe('evidence', () => {
  it('is told by its paths', () => expect(linesOf({ window: '14d', cpu: { samples: 12, none: null }, days: ['a', 'b'] })).toEqual([['window', '14d'], ['cpu.samples', '12'], ['days', 'a, b']]))
  it('of nothing is nothing', () => expect(linesOf(undefined)).toEqual([]))
  it('sets what is beside what should be', () =>
    expect(compared({ requests: { cpu: '500m' } }, { requests: { cpu: '100m', memory: '1Gi' } })).toEqual([
      { path: 'requests.cpu', is: '500m', should: '100m' },
      { path: 'requests.memory', is: undefined, should: '1Gi' },
    ]))
  it.each([['0.123456789', '0.1235'], ['12', '12'], ['1.5Gi', '1.5Gi']])('%s reads %s', (value, text) => expect(readable(value, 'en')).toBe(text))
})
