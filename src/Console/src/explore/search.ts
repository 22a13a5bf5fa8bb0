import { texts } from '../app/searchText'

export const exploreTabs = ['logs', 'traces', 'events'] as const
export type ExploreTab = (typeof exploreTabs)[number]

export interface ExploreSearch {
  tab?: ExploreTab
  range?: string
  from?: string
  to?: string
  cluster?: string
  namespace?: string
  pod?: string
  severity?: string
  service?: string
  minDuration?: string
  name?: string
  trace?: string
  q?: string
}

export function readExploreSearch(raw: Readonly<Record<string, unknown>>): ExploreSearch {
  const tab = exploreTabs.find((each) => each === raw['tab'] && each !== 'logs')
  return { ...(tab === undefined ? {} : { tab }), ...texts(['range', 'from', 'to', 'cluster', 'namespace', 'pod', 'severity', 'service', 'minDuration', 'name', 'trace', 'q'] as const, raw) }
}
