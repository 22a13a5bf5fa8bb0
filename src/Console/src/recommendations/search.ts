import { texts } from '../app/searchText'

export interface RecommendationSearch {
  state?: string
  kind?: string
  cluster?: string
  q?: string
}

export const readRecommendationSearch = (raw: Readonly<Record<string, unknown>>): RecommendationSearch => texts(['state', 'kind', 'cluster', 'q'] as const, raw)
