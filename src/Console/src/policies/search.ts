import { texts } from '../app/searchText'

export const policyTabs = ['clusters', 'policies', 'findings'] as const
export type PolicyTab = (typeof policyTabs)[number]

export interface PolicySearch {
  tab?: PolicyTab
  cluster?: string
  policy?: string
  result?: string
}

export function readPolicySearch(raw: Readonly<Record<string, unknown>>): PolicySearch {
  const tab = policyTabs.find((each) => each === raw['tab'] && each !== 'clusters')
  return { ...(tab === undefined ? {} : { tab }), ...texts(['cluster', 'policy', 'result'] as const, raw) }
}
