import { texts } from '../app/searchText'

export const alertTabs = ['alerts', 'incidents', 'silences', 'receivers'] as const
export type AlertTab = (typeof alertTabs)[number]

export interface AlertSearch {
  tab?: AlertTab
  state?: string
  severity?: string
  cluster?: string
  incident?: string
  receiver?: string
  q?: string
}

export function readAlertSearch(raw: Readonly<Record<string, unknown>>): AlertSearch {
  const tab = alertTabs.find((each) => each === raw['tab'] && each !== 'alerts')
  return { ...(tab === undefined ? {} : { tab }), ...texts(['state', 'severity', 'cluster', 'incident', 'receiver', 'q'] as const, raw) }
}
