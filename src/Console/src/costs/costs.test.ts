import { describe, expect, it } from 'vitest'
import { largest } from '../charts/model'
import { and, currenciesOf, drillOf, positionOf } from './drill'
import { type CostRow, csvOf, rowsOf, seriesOf, setsOfSteps, sortRows, specialOf } from './rows'
import type { Allocation } from './types'
import { before, dayOf, spanOf, stepOf, stepsOf, windowText } from './windows'

const now = Date.parse('2026-11-21T14:20:00Z')
const row = (name: string, total: number, more: Partial<Allocation> = {}): Allocation =>
  ({ name, properties: {}, totalCost: total, cpuCost: total, cpuCostAdjustment: 0, ramCost: 0, ramCostAdjustment: 0, gpuCost: 0, gpuCostAdjustment: 0, pvCost: 0, pvCostAdjustment: 0, networkCost: 0, networkCostAdjustment: 0, loadBalancerCost: 0, loadBalancerCostAdjustment: 0, sharedCost: 0, externalCost: 0, totalEfficiency: 0.5, ...more }) as Allocation
const set = (...rows: Allocation[]) => Object.fromEntries(rows.map((each) => [each.name, each]))

describe('windows', () => {
  it.each([
    ['today', '2026-11-21T00:00:00Z,2026-11-21T15:00:00Z', '2026-11-20T00:00:00Z,2026-11-20T15:00:00Z'],
    ['yesterday', '2026-11-20T00:00:00Z,2026-11-21T00:00:00Z', '2026-11-19T00:00:00Z,2026-11-20T00:00:00Z'],
    ['7d', '2026-11-15T00:00:00Z,2026-11-21T15:00:00Z', '2026-11-08T00:00:00Z,2026-11-14T15:00:00Z'],
    ['month', '2026-11-01T00:00:00Z,2026-11-21T15:00:00Z', '2026-10-01T00:00:00Z,2026-10-21T15:00:00Z'],
    ['lastmonth', '2026-10-01T00:00:00Z,2026-11-01T00:00:00Z', '2026-09-01T00:00:00Z,2026-10-01T00:00:00Z'],
  ] as const)('%s is %s, after %s', (name, window, old) => {
    const span = spanOf(name, now)
    expect(windowText(span)).toBe(window)
    expect(windowText(before(name, span))).toBe(old)
  })
  it('of days that somebody chose hold both', () => {
    expect(windowText(spanOf('custom', now, '2026-11-02', '2026-11-03'))).toBe('2026-11-02T00:00:00Z,2026-11-04T00:00:00Z')
    expect(spanOf('custom', now, '2026-11-03', '2026-11-02')).toEqual(spanOf('custom', now, '2026-11-02', '2026-11-03'))
  })
  it('never compare a long month with one that has not so many days, and itself', () => {
    const march = spanOf('month', Date.parse('2026-03-31T12:00:00Z'))
    expect(windowText(before('month', march))).toBe('2026-02-01T00:00:00Z,2026-03-01T00:00:00Z')
  })
  it('are never empty', () => expect(windowText(spanOf('today', Date.parse('2026-11-21T00:00:00Z')))).toBe('2026-11-21T00:00:00Z,2026-11-21T01:00:00Z'))
  it.each([undefined, '', '21.11.2026', '2026-13-01'])('%s is no day', (text) => expect(dayOf(text)).toBeNull())
  it('have steps that a chart can show', () => {
    expect([stepOf(spanOf('today', now)), stepsOf(spanOf('today', now)).length]).toEqual(['1h', 15])
    expect([stepOf(spanOf('7d', now)), stepsOf(spanOf('7d', now)).length]).toEqual(['1d', 7])
  })
})

describe('rows', () => {
  it('know what they cost before, and those that are gone', () => {
    const rows = rowsOf({ data: [set(row('a', 2), row('new', 1))] }, { data: [set(row('a', 1), row('gone', 4))] })
    expect(rows.map((each) => [each.name, each.total, each.before])).toEqual([['a', 2, 1], ['new', 1, 0], ['gone', 0, 4]])
    expect(rowsOf({ data: [set(row('a', 2))] }, undefined)[0]?.before).toBeUndefined()
  })
  it('of nobody have no efficiency', () => expect(rowsOf({ data: [set(row('team/web/__idle__', 1))] }, undefined)[0]?.efficiency).toBeNull())
  it('are sorted, what is not known last both ways', () => {
    const rows = [{ name: 'a', efficiency: 0.2 }, { name: 'i', efficiency: null }, { name: 'b', efficiency: 0.7 }] as CostRow[]
    expect(sortRows(rows, { id: 'efficiency', desc: true }).map((each) => each.name)).toEqual(['b', 'a', 'i'])
    expect(sortRows(rows, { id: 'efficiency', desc: false }).map((each) => each.name)).toEqual(['a', 'b', 'i'])
  })
  it.each([['__idle__', 'idle'], ['x/y/__idle__', 'idle'], ['__unallocated__', 'unallocated'], ['web', null]])('%s is %s', (name, special) => expect(specialOf(name)).toBe(special))
  it('become a file that a sheet reads as it is', () => {
    const csv = csvOf(rowsOf({ data: [set(row('=cmd()', 1, { missingPrices: ['cpu', 'ram'] }), row('a,"b"', 2))] }, undefined), 'EUR', 'label:x')
    expect(csv.split('\r\n')).toEqual(['label:x,cpu,ram,gpu,volumes,network,balancers,shared,total,efficiency,currency,missingPrices', "'=cmd(),1,0,0,0,0,0,0,1,0.5,EUR,cpu ram", '"a,""b""",2,0,0,0,0,0,0,2,0.5,EUR,', ''])
  })
})

describe('series', () => {
  it('stand where their step is, though steps without costs are not answered', () => {
    const span = spanOf('7d', now)
    const at = (start: string) => set(row('a', 1, { window: { start, end: start } }))
    const sets = setsOfSteps({ data: [at('2026-11-17T00:00:00Z'), at('2026-11-21T00:00:00Z'), {}, at('2026-12-24T00:00:00Z')] }, span)
    expect(sets.map((each) => Object.keys(each).length)).toEqual([0, 0, 1, 0, 0, 0, 1])
  })
  const named = seriesOf([set(row('a', 1), row('b', 5)), set(row('a', 2)), {}])
  it('have a value for each step', () => expect(named).toEqual([{ name: 'a', values: [1, 2, 0] }, { name: 'b', values: [5, 0, 0] }]))
  it('that are many become a few and the others, idle apart', () => {
    const many = [{ name: '__idle__', values: [9] }, ...[1, 2, 3, 4].map((value) => ({ name: `s${value}`, values: [value] }))]
    expect(largest(many, 3, 'others', ['__idle__'])).toEqual([{ name: 's4', values: [4] }, { name: 's3', values: [3] }, { name: 'others', values: [3] }, { name: '__idle__', values: [9] }])
  })
})

describe('drilling', () => {
  it.each([
    ['cluster', 'team/web', { cluster: 'team/web' }, '', 'namespace', 'cluster:"team/web"'],
    ['namespace', 'shop', { namespace: 'shop' }, 'cluster:"team/web"', 'controller', 'cluster:"team/web"+namespace:"shop"'],
    ['controller', 'deployment:api', { namespace: 'shop', controllerKind: 'deployment', controller: 'api' }, 'namespace:"shop"', 'pod', 'namespace:"shop"+controllerKind:"deployment"+controllerName:"api"'],
    ['pod', 'api-1', { namespace: 'shop', pod: 'api-1' }, '', 'container', 'namespace:"shop"+pod:"api-1"'],
    ['label:app', 'cart', {}, 'node:"a" | node:"b"', 'namespace', '(node:"a" | node:"b")+label[app]:"cart"'],
    ['namespace', '__unallocated__', {}, '', 'controller', 'namespace:"__unallocated__"'],
  ])('by %s into %s', (aggregate, name, properties, filter, next, made) => expect(drillOf(aggregate, name, properties, filter)).toEqual({ aggregate: next, filter: made }))
  it.each([['container', 'c'], ['namespace', '__idle__'], ['cluster', 'team/web/__idle__']])('ends at %s %s', (aggregate, name) => expect(drillOf(aggregate, name, {}, '')).toBeNull())
  it('does not take a sign within a value for one of its own', () => expect(and('pod:"a|b"', 'node:"x"')).toBe('pod:"a|b"+node:"x"'))
})

describe('what the API says', () => {
  it('leads to the character', () => expect(positionOf('filter, position 12: a value is missing')).toBe(12))
  it('leads to nothing else', () => expect(positionOf('window: what')).toBeNull())
  it('names currencies', () => expect(currenciesOf('these costs are in EUR and USD, which are not added up: name one by currency=')).toEqual(['EUR', 'USD']))
})
