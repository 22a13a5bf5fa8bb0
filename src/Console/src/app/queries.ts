import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../api/problem'

/** What cannot be otherwise a moment later is not asked for again. */
const isPassing = (error: unknown): boolean => {
  const { status } = ApiProblem.of(error)
  return status === 0 || status === 429 || status >= 500
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, refetchOnWindowFocus: true, retry: (failures, error) => failures < 2 && isPassing(error) },
    mutations: { retry: false },
  },
})
