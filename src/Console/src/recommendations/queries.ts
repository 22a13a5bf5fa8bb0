import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { all, asked, call } from '../api/http'
import { ApiProblem } from '../api/problem'

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
  /** Of what was decided about it. */
  readonly resourceVersion?: string
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
  /** Of what is declared in the object that is changed. */
  readonly resourceVersion?: string
}

async function preview(id: string, signal?: AbortSignal): Promise<Applying> {
  const { generation, ...plan } = await call<Applying & { readonly generation?: number }>(recommendationPath(id, 'apply') + '?dryRun=true', { method: 'POST', signal })
  return generation === undefined ? plan : { ...plan, resourceVersion: String(generation) }
}

export const applyingQuery = (id: string) => queryOptions({ queryKey: [...key, 'applying', id], queryFn: ({ signal }) => preview(id, signal), gcTime: 0, retry: false })

/** How it is now, for the dialog as well. */
export async function readApplying(queries: QueryClient, id: string): Promise<Applying> {
  const now = await preview(id)
  queries.setQueryData(applyingQuery(id).queryKey, now)
  return now
}

/** Of a change what it does, without the version that it asks for. */
export const plannedOf = ({ applyable, reason, object, path, patch }: Applying): object => ({ applyable, reason, object, path, to: valuesOf(patch) })

function valuesOf(patch: string | undefined): unknown {
  try {
    const operations: unknown = JSON.parse(patch ?? '[]')
    return Array.isArray(operations) ? operations.filter((each: { readonly op?: string }) => each.op !== 'test') : patch
  } catch {
    // By hand it is YAML.
    return patch
  }
}

/** Of a recommendation what people decide. What it advises goes on by itself. */
export const decidedOf = ({ state, until, reason, by }: Recommendation): object => ({ state, until, reason, by })

export async function readRecommendation({ id, cluster, kind }: Recommendation): Promise<Recommendation> {
  const found = (await all<Recommendation>('/recommendations' + asked({ state: recommendationStates.join(','), cluster, kind }))).items.find((each) => each.id === id)
  if (found === undefined) throw new ApiProblem(404, 'not-found', id)
  return found
}
