import { queryOptions } from '@tanstack/react-query'
import { asked, call } from '../api/http'

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
export const silencesQuery = queryOptions({ queryKey: silencesKey, queryFn: async ({ signal }) => (await call<{ items: readonly Silence[] }>('/silences', { signal })).items, refetchInterval: refreshed })

export const receiversKey = ['receivers'] as const
export const receiversQuery = queryOptions({ queryKey: receiversKey, queryFn: async ({ signal }) => (await call<{ items: readonly Receiver[] }>('/receivers', { signal })).items, refetchInterval: refreshed })

export const deliveriesKey = ['deliveries'] as const
export const deliveriesQuery = (receiver: string | undefined) =>
  queryOptions({ queryKey: [...deliveriesKey, receiver], queryFn: async ({ signal }) => (await call<{ items: readonly Delivery[] }>('/deliveries' + asked({ receiver }), { signal })).items, refetchInterval: refreshed })
