import { describe, expect, it } from 'vitest'
import type { Cluster } from '../api/types'
import { type ClusterSearch, distinct, fitsBesidePhase, ofPhases, readClusterSearch, readSort, writeSort } from './search'
import { servicesOf } from './servicesOf'

const cluster = (name: string, more: Partial<Cluster> = {}): Cluster => ({
  namespace: 'team',
  name,
  template: 'aws-1-0-0',
  phase: 'Ready',
  ready: true,
  message: 'Object is ready',
  availableUpgrades: [],
  conditions: [],
  services: [],
  ...more,
})

describe('filters', () => {
  const clusters = [
    cluster('web', { labels: { env: 'prod' }, kubernetesVersion: 'v1.33.1', availableUpgrades: ['aws-1-1-0'] }),
    cluster('db', { namespace: 'data', phase: 'Failed', message: 'machine db-1 has no address' }),
    cluster('edge', { template: 'azure-1-0-0', phase: 'Paused' }),
  ]
  const found = (search: ClusterSearch) => ofPhases(clusters.filter((each) => fitsBesidePhase(each, search)), search.phase).map((each) => each.name)
  it.each<[ClusterSearch, string[]]>([
    [{}, ['web', 'db', 'edge']],
    [{ q: 'env=prod' }, ['web']],
    [{ q: 'team/' }, ['web', 'edge']],
    [{ q: 'address' }, ['db']],
    [{ namespace: 'data' }, ['db']],
    [{ template: 'azure-1-0-0' }, ['edge']],
    [{ version: 'v1.33.1' }, ['web']],
    [{ upgradable: 'true' }, ['web']],
    [{ phase: 'Failed,Paused' }, ['db', 'edge']],
    [{ phase: 'Failed', q: 'edge' }, []],
  ])('%j', (search, names) => expect(found(search)).toEqual(names))
})

describe('addresses', () => {
  it('keep what the table knows, as texts', () => expect(readClusterSearch({ q: 5, phase: 'Ready', other: 'x', namespace: '', template: ['a'] })).toEqual({ q: '5', phase: 'Ready' }))
  it('keep the order', () => {
    for (const sort of [{ id: 'age', desc: true }, { id: 'name', desc: false }]) expect(readSort(writeSort(sort), { id: 'name', desc: false })).toEqual(sort)
  })
})

it('values that there are, as people read them', () => expect(distinct(['b10', undefined, 'b9', 'b10', ''])).toEqual(['b9', 'b10']))

it('counts services that run', () => {
  const service = (state: 'Deployed' | 'Failed') => ({ name: 's', namespace: 'n', template: 't', since: '', state })
  expect(servicesOf(cluster('web', { services: [service('Deployed'), service('Failed')] }))).toEqual({ ready: 1, count: 2 })
})
