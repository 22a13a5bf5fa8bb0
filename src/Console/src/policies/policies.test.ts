import { expect, it } from 'vitest'
import { byPolicy } from './byPolicy'
import type { PolicyRow } from './queries'

const row = (policy: string, cluster: string, fail: number, warn = 0): PolicyRow => ({ namespace: 'team', cluster, source: 'kyverno', policy, targetNamespace: 'a', pass: 1, fail, warn, error: 0, skip: 0, excepted: 0 })

it('policies are summed over clusters, worst first, with the clusters where they fail', () =>
  expect(byPolicy([row('a', 'web', 0, 3), row('b', 'web', 1), row('b', 'db', 2), row('b', 'edge', 0)]).map((sum) => [sum.policy, sum.pass, sum.fail, sum.warn, sum.clusters])).toEqual([
    ['b', 3, 3, 0, ['team/db', 'team/web']],
    ['a', 1, 0, 3, []],
  ]))
