import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { call, segments } from '../api/http'
import type { Drift, ServiceDetail, ServiceValues } from '../api/types'

export interface ServiceName {
  readonly namespace: string
  readonly cluster: string
  readonly serviceNamespace: string
  readonly service: string
}

/** What the cluster itself knows of a service (objects, their health, drift that is corrected at once) no stream tells. */
const nowAndThen = 15_000

export const servicePath = (of: ServiceName): string => '/services' + segments(of.namespace, of.cluster, of.serviceNamespace, of.service)

const keyOf = (of: ServiceName, ...part: string[]): readonly string[] => ['service', of.namespace, of.cluster, of.serviceNamespace, of.service, ...part]

export const serviceKeyOf = keyOf
export const serviceQuery = (of: ServiceName) =>
  queryOptions({ queryKey: keyOf(of, 'detail'), queryFn: ({ signal }) => call<ServiceDetail>(servicePath(of), { signal }), refetchInterval: nowAndThen })
export const valuesQuery = (of: ServiceName) => queryOptions({ queryKey: keyOf(of, 'values'), queryFn: ({ signal }) => call<ServiceValues>(servicePath(of) + '/values', { signal }) })
export const driftQuery = (of: ServiceName) =>
  queryOptions({
    queryKey: keyOf(of, 'drift'),
    queryFn: async ({ signal }) => (await call<{ entries: readonly Drift[] }>(servicePath(of) + '/drift', { signal })).entries,
    refetchInterval: nowAndThen,
  })

/** Of a service what people decide: what it shall be, and whether it is held. */
export const decidedOf = ({ template, multiClusterService, held, paused }: ServiceDetail): object => ({ template, multiClusterService, held, paused })

/** How it is now, for the page as well. */
export async function readService(queries: QueryClient, of: ServiceName): Promise<ServiceDetail> {
  const now = await call<ServiceDetail>(servicePath(of))
  queries.setQueryData(serviceQuery(of).queryKey, now)
  return now
}
