import { texts } from '../app/searchText'

export const settingsTabs = ['general', 'views', 'tokens', 'backups', 'about'] as const
export type SettingsTab = (typeof settingsTabs)[number]

export interface SettingsSearch {
  tab?: SettingsTab
  cluster?: string
}

export function readSettingsSearch(raw: Readonly<Record<string, unknown>>): SettingsSearch {
  const tab = settingsTabs.find((each) => each === raw['tab'] && each !== 'general')
  return { ...(tab === undefined ? {} : { tab }), ...texts(['cluster'] as const, raw) }
}
