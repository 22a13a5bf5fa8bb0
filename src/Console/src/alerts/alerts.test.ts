import { describe, expect, it } from 'vitest'
import { tidy } from './queries'
import { matchersOf, matcherText, readMatchers, silenceState } from './matchers'

describe('matchers', () => {
  it.each([
    ['alertname="Down"', [{ name: 'alertname', op: '=', value: 'Down' }]],
    ['a=b, c!="d,e"', [{ name: 'a', op: '=', value: 'b' }, { name: 'c', op: '!=', value: 'd,e' }]],
    ['cluster=~"team/.*",x!~y', [{ name: 'cluster', op: '=~', value: 'team/.*' }, { name: 'x', op: '!~', value: 'y' }]],
    ['m="say \\"hi\\""', [{ name: 'm', op: '=', value: 'say "hi"' }]],
  ])('%s', (text, found) => expect(readMatchers(text)).toEqual(found))
  it.each(['', ' , ', 'nonsense', '1a=b', 'a="b'])('%s is none', (text) => expect(readMatchers(text)).toBeNull())
  it('are read as they were written', () => {
    const text = matchersOf({ cluster: 'team/web', namespace: 'a"b', other: 'x' }, 'Down')
    expect(text).toBe('alertname="Down", cluster="team/web", namespace="a\\"b"')
    expect(readMatchers(text)?.[2]).toEqual({ name: 'namespace', op: '=', value: 'a"b' })
  })
  it('are written with quotation marks', () => expect(matcherText({ name: 'a', op: '=~', value: 'b.*' })).toBe('a=~"b.*"'))
})

it.each([
  [{ startsAt: '2026-11-21T10:00:00Z', endsAt: '2026-11-21T11:00:00Z' }, 'expired'],
  [{ startsAt: '2026-11-21T13:00:00Z', endsAt: '2026-11-21T14:00:00Z' }, 'pending'],
  [{ endsAt: '2026-11-21T14:00:00Z' }, 'active'],
  [{ state: 'Expired' }, 'expired'],
])('a silence of %j is %s', (times, state) => expect(silenceState({ namespace: 'n', name: 's', ...times }, Date.parse('2026-11-21T12:00:00Z'))).toBe(state))

it('calls clusters as everywhere', () => {
  const alert = { id: '1', rule: 'r', namespace: 'n', severity: 'warning', state: 'firing', since: '' } as const
  expect(tidy({ ...alert, cluster: 'web', clusterNamespace: 'team' }).cluster).toBe('team/web')
  expect(tidy({ ...alert, cluster: null as unknown as string }).cluster).toBeUndefined()
})
