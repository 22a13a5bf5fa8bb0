import { texts } from '../app/searchText'

export const costTabs = ['allocation', 'assets', 'anomalies', 'teams', 'data'] as const
export type CostTab = (typeof costTabs)[number]

/** What the address says about the costs: whoever opens it asks the same. */
export interface CostSearch {
  tab?: CostTab
  window?: string
  from?: string
  to?: string
  aggregate?: string
  filter?: string
  idle?: string
  share?: string
  compare?: string
  currency?: string
  sort?: string
  state?: string
  type?: string
  period?: string
  by?: string
}

const names = ['window', 'from', 'to', 'aggregate', 'filter', 'idle', 'share', 'compare', 'currency', 'sort', 'state', 'type', 'period', 'by'] as const

export function readCostSearch(raw: Readonly<Record<string, unknown>>): CostSearch {
  const tab = costTabs.find((each) => each === raw['tab'] && each !== 'allocation')
  return { ...(tab === undefined ? {} : { tab }), ...texts(names, raw) }
}
