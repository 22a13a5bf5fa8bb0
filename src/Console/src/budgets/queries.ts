import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/http'
import type { Forecast } from '../costs/types'

export interface Threshold {
  readonly kind: 'actual' | 'forecast'
  readonly percent: number
  readonly crossed: boolean
  readonly at?: string | null
}

export interface Budget {
  readonly namespace: string
  readonly name: string
  readonly filter?: string | null
  /** Included, or Excluded: what nobody uses does not count. */
  readonly idle?: string
  readonly period: { readonly start: string; readonly end: string }
  readonly amount: number
  readonly currency?: string
  readonly spent?: number | null
  readonly forecast?: Forecast | null
  readonly thresholds?: readonly Threshold[]
  readonly state?: string
  readonly message?: string
  /** What a day cost. */
  readonly series?: readonly { readonly date: string; readonly amount: number }[]
}

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: async ({ signal }) => (await call<{ items: readonly Budget[] }>('/costs/budgets', { signal })).items,
  refetchInterval: 60_000,
})
