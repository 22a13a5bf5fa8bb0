import { queryOptions } from '@tanstack/react-query'
import { all, asked, call } from '../api/http'

export const recommendationStates = ['open', 'snoozed', 'dismissed', 'applied'] as const
export type RecommendationState = (typeof recommendationStates)[number]

export interface Recommendation {
  readonly id: string
  readonly kind: string
  readonly cluster: string
  readonly namespace?: string | null
  readonly object?: { readonly kind: string; readonly name: string; readonly container?: string | null }
  readonly summary: string
  readonly current?: Readonly<Record<string, unknown>>
  readonly recommended?: Readonly<Record<string, unknown>>
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly savings?: { readonly monthlyCash?: number | null; readonly monthlyFreed?: number | null; readonly currency?: string }
  /** How it is followed: by the values of a service, by the cluster's own fields, or by a person. */
  readonly apply?: 'values' | 'cluster' | 'manual'
  readonly state: RecommendationState
  readonly until?: string | null
  readonly reason?: string | null
  readonly by?: string | null
}

const key = ['recommendations'] as const
export const recommendationsKey = key

export const recommendationsQuery = (state: RecommendationState) =>
  queryOptions({
    queryKey: [...key, state],
    queryFn: async ({ signal }) => (await all<Recommendation>('/recommendations' + asked({ state }), signal)).items,
    refetchInterval: 60_000,
  })

export const recommendationPath = (id: string, action: string): string => `/recommendations/${encodeURIComponent(id)}/${action}`

/** What applying it does, or why it has to be done by hand. */
export interface Applying {
  readonly applied: boolean
  readonly applyable: boolean
  readonly reason?: string
  readonly object?: string
  readonly path?: string
  readonly patch?: string
}

export const applyingQuery = (id: string) =>
  queryOptions({ queryKey: [...key, 'applying', id], queryFn: ({ signal }) => call<Applying>(recommendationPath(id, 'apply') + '?dryRun=true', { method: 'POST', signal }), gcTime: 0, retry: false })
