import { queryOptions } from '@tanstack/react-query'
import { asked, call } from '../api/http'
import type { Allocations, Anomaly, Assets, ClusterFreshness, CostSummary, Showback } from './types'

/** Costs are worked out every five minutes. */
const refreshed = 60_000
const kept = 30_000
/** A new cluster has its first costs after a minute: whoever waits for them does not wait another one. */
const untilThere = 5_000

export interface AllocationQuestion {
  readonly window: string
  readonly aggregate: string
  readonly filter?: string | undefined
  readonly step?: string
  readonly includeIdle?: boolean
  readonly shareIdle?: boolean
  readonly shareNamespaces?: string | undefined
  readonly currency?: string | undefined
}

const ask = <T>(path: string, signal: AbortSignal) => call<T>(path, { signal, base: '' })

export const allocationQuery = (question: AllocationQuestion) =>
  queryOptions({
    queryKey: ['allocation', question],
    queryFn: ({ signal }) => ask<Allocations>('/allocation' + asked({ ...question }), signal),
    staleTime: kept,
    refetchInterval: ({ state }) => (state.data?.data.every((set) => Object.keys(set).length === 0) === true ? untilThere : refreshed),
  })

export const assetsQuery = (window: string, currency: string | undefined) =>
  queryOptions({ queryKey: ['assets', window, currency], queryFn: ({ signal }) => ask<Assets>('/assets' + asked({ window, currency }), signal), staleTime: kept, refetchInterval: refreshed })

export const freshnessQuery = queryOptions({
  queryKey: ['costs', 'clusters'],
  queryFn: async ({ signal }) => (await call<{ items: readonly ClusterFreshness[] }>('/costs/clusters', { signal })).items,
  refetchInterval: ({ state }) => (state.data?.length === 0 ? untilThere : refreshed),
})

export const summaryQuery = (filter?: string) =>
  queryOptions({ queryKey: ['costs', 'summary', filter], queryFn: ({ signal }) => call<CostSummary>('/costs/summary' + asked({ filter }), { signal }), staleTime: kept, refetchInterval: refreshed })

export const anomaliesQuery = (state: string) =>
  queryOptions({
    queryKey: ['costs', 'anomalies', state],
    queryFn: async ({ signal }) => (await call<{ items: readonly Anomaly[] }>('/costs/anomalies' + asked({ state }), { signal })).items,
    refetchInterval: refreshed,
  })

/** The CostCategory objects that showback can be by, as they are named there; an installation without them has none. */
export const categoriesQuery = queryOptions({
  queryKey: ['costs', 'categories'],
  queryFn: async ({ signal }) => (await call<{ items: readonly { readonly namespace: string; readonly name: string; readonly by: string }[] }>('/costs/categories', { signal })).items.map((each) => each.by.replace(/^category:/, '')),
  staleTime: refreshed,
  retry: false,
})

export const showbackPath = (period: string, by: string, format: 'json' | 'html' | 'csv'): string => '/costs/showback' + asked({ period, by, format })
export const showbackQuery = (period: string, by: string) =>
  queryOptions({ queryKey: ['costs', 'showback', period, by], queryFn: ({ signal }) => call<Showback>(showbackPath(period, by, 'json'), { signal }), staleTime: kept })
