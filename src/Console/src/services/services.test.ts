import { describe, expect, it } from 'vitest'
import type { Service } from '../api/types'
import { matrixOf } from './matrix'
import { fitsBesideState, ofStates, type ServiceSearch } from './search'

const service = (cluster: string, name: string, more: Partial<Service> = {}): Service => ({
  namespace: 'team',
  cluster,
  serviceNamespace: 'apps',
  name,
  serviceSet: cluster,
  type: 'Helm',
  template: `${name}-1-0-0`,
  state: 'Deployed',
  version: '1.0.0',
  ...more,
})

const services = [
  service('web', 'cart'),
  service('web', 'agent', { drift: 'DriftDetected' }),
  service('db', 'agent', { state: 'Failed', message: 'no address' }),
  service('db', 'agent', { serviceNamespace: 'ops', held: { message: 'held by alice' } }),
]

describe('matrix', () => {
  it('has clusters down and services across, the most common first', () => {
    const matrix = matrixOf(services)
    expect(matrix.columns).toEqual(['apps/agent', 'apps/cart', 'ops/agent'])
    expect(matrix.rows.map((row) => [row.key, [...row.cells.keys()]])).toEqual([
      ['team/web', ['apps/cart', 'apps/agent']],
      ['team/db', ['apps/agent', 'ops/agent']],
    ])
  })
})

describe('filters', () => {
  const found = (search: ServiceSearch) => ofStates(services.filter((each) => fitsBesideState(each, search)), search.state).length
  it.each<[ServiceSearch, number]>([
    [{}, 4],
    [{ q: 'address' }, 1],
    [{ q: 'team/web agent' }, 1],
    [{ service: 'apps/agent' }, 2],
    [{ drifted: 'true' }, 1],
    [{ held: 'true' }, 1],
    [{ state: 'Failed' }, 1],
    [{ state: 'Failed,Deployed', service: 'ops/agent' }, 1],
  ])('%j', (search, count) => expect(found(search)).toBe(count))
})
