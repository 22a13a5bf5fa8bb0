import { queryOptions } from '@tanstack/react-query'
import { all, call, segments } from '../api/http'
import type { Drift, Service, ServiceDetail, ServiceValues } from '../api/types'

export interface ServiceName {
  readonly namespace: string
  readonly cluster: string
  readonly serviceNamespace: string
  readonly service: string
}

const listedEvery = 30_000
const lookedAtEvery = 10_000

export const servicePath = (of: ServiceName): string => '/services' + segments(of.namespace, of.cluster, of.serviceNamespace, of.service)

const keyOf = (of: ServiceName, ...part: string[]): readonly string[] => ['service', of.namespace, of.cluster, of.serviceNamespace, of.service, ...part]

export const servicesKey = ['services'] as const
export const servicesQuery = queryOptions({ queryKey: servicesKey, queryFn: ({ signal }) => all<Service>('/services', signal), refetchInterval: listedEvery })

export const serviceKeyOf = keyOf
export const serviceQuery = (of: ServiceName) =>
  queryOptions({ queryKey: keyOf(of, 'detail'), queryFn: ({ signal }) => call<ServiceDetail>(servicePath(of), { signal }), refetchInterval: lookedAtEvery })
export const valuesQuery = (of: ServiceName) => queryOptions({ queryKey: keyOf(of, 'values'), queryFn: ({ signal }) => call<ServiceValues>(servicePath(of) + '/values', { signal }) })
export const driftQuery = (of: ServiceName) =>
  queryOptions({
    queryKey: keyOf(of, 'drift'),
    queryFn: async ({ signal }) => (await call<{ entries: readonly Drift[] }>(servicePath(of) + '/drift', { signal })).entries,
    refetchInterval: lookedAtEvery,
  })
