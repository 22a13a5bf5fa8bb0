import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { asked, call } from '../api/http'
import { ApiProblem } from '../api/problem'

export const alertStates = ['firing', 'pending', 'resolved'] as const
export type AlertState = (typeof alertStates)[number]

export interface Alert {
  readonly id: string
  readonly rule: string
  readonly namespace: string
  readonly severity: string
  readonly state: AlertState
  readonly since: string
  readonly resolvedAt?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly summary?: string
  readonly description?: string
  readonly value?: number | string
  readonly cluster?: string
  readonly clusterNamespace?: string
  readonly incident?: string
  readonly silencedBy?: string
  readonly inhibitedBy?: string
}

export interface Incident {
  readonly id: string
  readonly rule: string
  readonly severity: string
  readonly since: string
  readonly state: string
  readonly clusters: readonly string[]
  readonly alerts: number
}

export interface Silence {
  readonly namespace: string
  readonly name: string
  readonly matchers?: readonly string[]
  readonly startsAt?: string | null
  readonly endsAt?: string
  readonly createdBy?: string | null
  readonly comment?: string
  readonly state?: string
  /** How many it hushes now. */
  readonly alerts?: number
  /** Why it hushes nothing. */
  readonly problem?: string | null
  readonly resourceVersion?: string
}

export interface Receiver {
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly state?: string
  readonly message?: string
  readonly lastDelivery?: string | null
  readonly failed?: number
  readonly dead?: number
}

export interface Delivery {
  readonly id: number
  readonly namespace: string
  readonly receiver: string
  readonly title: string
  readonly alerts: number
  readonly at: string
  /** delivered, failed (it is tried again), dead (it was given up) or test. */
  readonly outcome: string
  readonly attempt: number
  /** Of HTTP or SMTP. */
  readonly code?: number | null
  readonly message?: string | null
}

const refreshed = 15_000

/** Null and absent are the same here, and a cluster is called as everywhere: with its namespace. */
export function tidy(told: Alert): Alert {
  const alert = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)) as unknown as Alert
  return alert.cluster === undefined || alert.clusterNamespace === undefined || alert.cluster.includes('/') ? alert : { ...alert, cluster: `${alert.clusterNamespace}/${alert.cluster}` }
}

export const alertsKey = ['alerts'] as const
export const alertsQuery = (state: AlertState) =>
  queryOptions({ queryKey: [...alertsKey, state], queryFn: async ({ signal }) => (await call<{ items: readonly Alert[] }>('/alerts' + asked({ state }), { signal })).items.map(tidy), refetchInterval: refreshed })

export const incidentsQuery = queryOptions({ queryKey: ['incidents'], queryFn: async ({ signal }) => (await call<{ items: readonly Incident[] }>('/incidents', { signal })).items, refetchInterval: refreshed })

export const silencesKey = ['silences'] as const
const silences = async (signal?: AbortSignal): Promise<readonly Silence[]> => (await call<{ items: readonly Silence[] }>('/silences', { signal })).items
export const silencesQuery = queryOptions({ queryKey: silencesKey, queryFn: ({ signal }) => silences(signal), refetchInterval: refreshed })

/** Of a silence what people decide; how much it hushes goes on by itself. */
export const decidedOf = ({ matchers, startsAt, endsAt, comment }: Silence): object => ({ matchers: matchers?.join(', '), startsAt, endsAt, comment })

/** How it is now, for the page as well. */
export async function readSilence(queries: QueryClient, { namespace, name }: Silence): Promise<Silence> {
  const now = await silences()
  queries.setQueryData(silencesQuery.queryKey, now)
  const found = now.find((each) => each.namespace === namespace && each.name === name)
  if (found === undefined) throw new ApiProblem(404, 'not-found', `${namespace}/${name}`)
  return found
}

export const receiversKey = ['receivers'] as const
export const receiversQuery = queryOptions({ queryKey: receiversKey, queryFn: async ({ signal }) => (await call<{ items: readonly Receiver[] }>('/receivers', { signal })).items, refetchInterval: refreshed })

export const deliveriesKey = ['deliveries'] as const
export const deliveriesQuery = (receiver: string | undefined) =>
  queryOptions({ queryKey: [...deliveriesKey, receiver], queryFn: async ({ signal }) => (await call<{ items: readonly Delivery[] }>('/deliveries' + asked({ receiver }), { signal })).items, refetchInterval: refreshed })
