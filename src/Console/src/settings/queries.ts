import { queryOptions } from '@tanstack/react-query'
import { call, segments } from '../api/http'

export interface TelemetryToken {
  readonly id: string
  readonly created: string
  /** In the answer that made it, and nowhere else. */
  readonly token?: string
}

export const tokensPath = (namespace: string, name: string): string => '/clusters' + segments(namespace, name) + '/telemetry-tokens'
export const tokensKey = (namespace: string, name: string): readonly string[] => ['telemetry-tokens', namespace, name]

export const tokensQuery = (namespace: string, name: string) =>
  queryOptions({ queryKey: tokensKey(namespace, name), queryFn: async ({ signal }) => (await call<{ items: readonly TelemetryToken[] }>(tokensPath(namespace, name), { signal })).items })

export interface About {
  readonly version: string
  readonly commit?: string
  readonly kubernetes?: string
}

export const aboutQuery = queryOptions({ queryKey: ['about'], queryFn: ({ signal }) => call<About>('/about', { signal }), staleTime: 60_000 })
