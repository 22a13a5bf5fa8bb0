import { queryOptions } from '@tanstack/react-query'
import { all, asked, call, segments } from '../api/http'

export interface ComplianceCounts {
  readonly pass: number
  readonly fail: number
  readonly warn: number
  readonly error: number
  readonly skip: number
  readonly excepted: number
}

export interface PolicyRow extends ComplianceCounts {
  readonly namespace: string
  readonly cluster: string
  readonly source: string
  readonly policy: string
  readonly targetNamespace: string
  readonly observedAt?: string
  readonly stale?: boolean
}

export interface ClusterCompliance extends ComplianceCounts {
  readonly namespace: string
  readonly cluster: string
  readonly policies: number
  readonly observedAt?: string
  readonly stale?: boolean
  readonly problem?: string
  readonly kinds?: readonly string[]
  readonly leftOut?: number
}

export interface Finding {
  readonly source: string
  readonly policy: string
  readonly rule?: string
  readonly result: string
  readonly exceptedBy?: string
  readonly severity?: string
  readonly category?: string
  readonly targetNamespace?: string
  readonly kind?: string
  readonly name?: string
  readonly message?: string
}

export interface ComplianceTrend {
  readonly days: readonly (ComplianceCounts & { readonly day: string })[]
}

const refreshed = 30_000
/** Of findings the worst; the whole of a large cluster is for the command line. */
export const mostFindings = 200

export const clusterComplianceQuery = queryOptions({ queryKey: ['compliance', 'clusters'], queryFn: ({ signal }) => all<ClusterCompliance>('/compliance/clusters', signal), refetchInterval: refreshed })
export const policiesQuery = queryOptions({ queryKey: ['compliance', 'policies'], queryFn: ({ signal }) => all<PolicyRow>('/compliance', signal), refetchInterval: refreshed })
export const trendQuery = (days: number) => queryOptions({ queryKey: ['compliance', 'trend', days], queryFn: ({ signal }) => call<ComplianceTrend>('/compliance/trend' + asked({ days }), { signal }), refetchInterval: refreshed })

export const findingsQuery = (namespace: string, cluster: string, policy: string | undefined, result: string | undefined) =>
  queryOptions({
    queryKey: ['compliance', 'findings', namespace, cluster, policy, result],
    queryFn: ({ signal }) =>
      call<{ items: readonly Finding[]; continue?: string }>('/compliance/clusters' + segments(namespace, cluster) + '/findings' + asked({ policy, result, limit: mostFindings }), { signal }),
    refetchInterval: refreshed,
  })
