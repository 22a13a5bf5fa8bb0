import { describe, expect, it } from 'vitest'
import { date } from '../i18n/time'
import { budgetTone, fractionOf } from '../overview/figures'
import { curveOf } from './curve'
import type { Budget } from './queries'
import { rowsOfBudget } from './rows'
import { stateOf } from './state'

const budget = (more: Partial<Budget>): Budget => ({ namespace: 'team', name: 'b', period: { start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' }, amount: 100, ...more })

describe('the curve', () => {
  it('grows with each day, and goes on to the forecast', () => {
    const curve = curveOf(budget({ series: [{ date: '2026-11-01', amount: 10 }, { date: '2026-11-02', amount: 20 }], forecast: { amount: 70, low: 60, high: 90 } }))
    expect(curve.spent).toEqual([10, 30, null, null])
    expect(curve.expected).toEqual([null, 30, 50, 70])
    expect([curve.low.at(-1), curve.high.at(-1)]).toEqual([60, 90])
    expect([curve.low[1], curve.high[1]]).toEqual([30, 30])
  })
  it('counts a day without costs as nothing', () => expect(curveOf(budget({ series: [{ date: '2026-11-01', amount: 10 }, { date: '2026-11-03', amount: 5 }] })).spent).toEqual([10, 10, 15, null]))
  it('has no forecast where nothing is known', () => expect(curveOf(budget({ forecast: { amount: 1, low: 0, high: 2 } })).expected).toEqual([null, null, null, null]))
})

describe('the state', () => {
  const forecast = (amount: number) => ({ amount, low: amount, high: amount })
  it.each<[Partial<Budget>, string]>([
    [{}, 'unknown'],
    [{ spent: 101 }, 'over'],
    [{ spent: 50, forecast: forecast(120) }, 'willBeOver'],
    [{ spent: 85, forecast: forecast(90), thresholds: [{ kind: 'actual', percent: 80, crossed: true }] }, 'crossed'],
    [{ spent: 10, forecast: forecast(20) }, 'within'],
  ])('of %j is %s', (more, state) => expect(stateOf(budget(more))).toBe(state))
  it('is shown on the first page as well', () => expect([budgetTone({ amount: 1, spent: 2 }, 0), budgetTone({ amount: 1, spent: 0 }, 2), budgetTone({ amount: 1, spent: 0 }, undefined)]).toEqual(['bad', 'doubt', 'good']))
})

it('parts of a whole are read as parts and as percent', () => expect([fractionOf(0.27), fractionOf(27), fractionOf(null)]).toEqual([0.27, 0.27, null]))

describe('the rows that count', () => {
  const now = Date.parse('2026-11-21T14:00:00Z')
  const month = { start: '2026-11-01', end: '2026-11-30' }
  it('are of the clusters of its namespace, whatever its filter says', () =>
    expect(rowsOfBudget(budget({ period: month, filter: 'namespace:"a" | namespace:"b"', idle: 'Excluded' }), now)).toEqual({ window: 'custom', from: '2026-11-01', to: '2026-11-21', filter: '(namespace:"a" | namespace:"b")+cluster<~:"team/"', idle: 'hidden' }))
  it('may be all in the namespace of Fleet', () => expect(rowsOfBudget(budget({ namespace: 'kcm-system', period: { ...month, end: '2026-11-20' } }), now)).toEqual({ window: 'custom', from: '2026-11-01', to: '2026-11-20' }))
  it('and the curve end with its last day', () => expect(curveOf(budget({ period: month })).days.length).toBe(30))
})

describe('a budget that was not evaluated yet', () => {
  const fresh = budget({ period: { start: '', end: '' } })
  it('leads to the costs of the month', () => expect(rowsOfBudget(fresh, 0)).toEqual({ window: 'month', filter: 'cluster<~:"team/"' }))
  it('has no curve', () => expect(curveOf(fresh).days).toEqual([]))
  it('has no dates', () => expect([date('en', fresh.period.end), date('en', Number.NaN)]).toEqual(['–', '–']))
})
