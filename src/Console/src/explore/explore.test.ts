import { describe, expect, it } from 'vitest'
import { rangeOf } from './ranges'
import type { Span } from './queries'
import { precise, waterfall } from './waterfall'

const span = (spanId: string, start: number, duration: number, parentSpanId?: string): Span => ({ spanId, name: spanId, start: new Date(start).toISOString(), duration: duration / 1000, ...(parentSpanId === undefined ? {} : { parentSpanId }) })

describe('the waterfall', () => {
  it('has what was caused below its cause, by start', () => {
    const placed = waterfall([span('late', 60, 20, 'root'), span('root', 0, 100), span('early', 10, 50, 'root'), span('leaf', 20, 10, 'early')])
    expect(placed.map((each) => [each.span.spanId, each.depth, each.offset, each.length])).toEqual([
      ['root', 0, 0, 1],
      ['early', 1, 0.1, 0.5],
      ['leaf', 2, 0.2, 0.1],
      ['late', 1, 0.6, 0.2],
    ])
  })
  it('shows what has lost its cause', () => expect(waterfall([span('b', 5, 1, 'gone'), span('a', 0, 10)]).map((each) => [each.span.spanId, each.depth])).toEqual([['a', 0], ['b', 0]]))
  it('ends where causes go round', () => expect(waterfall([span('a', 0, 1, 'b'), span('b', 0, 1, 'a')]).map((each) => each.span.spanId)).toEqual(['a', 'b']))
  it('knows what is below a millisecond', () => expect(precise('2026-11-21T12:00:00.1234567Z') - Date.parse('2026-11-21T12:00:00.123Z')).toBeCloseTo(0.4567, 3))
  it('of nothing is empty', () => expect(waterfall([])).toEqual([]))
})

describe('a range', () => {
  const now = Date.parse('2026-11-21T12:00:07Z')
  it('ends now, in steps', () => expect(rangeOf('1h', now)).toEqual({ from: '2026-11-21T11:00:15.000Z', to: '2026-11-21T12:00:15.000Z' }))
  it('is turned round when it is the wrong way', () => expect(rangeOf('custom', now, '2026-11-21T10:00:00Z', '2026-11-21T09:00:00Z')).toEqual({ from: '2026-11-21T09:00:00.000Z', to: '2026-11-21T10:00:00.000Z' }))
  it('is of the last hour when times cannot be read', () => expect(rangeOf('custom', now, 'x', 'y')).toEqual(rangeOf('1h', now)))
})
