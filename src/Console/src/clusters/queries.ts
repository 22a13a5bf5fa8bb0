import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { all, call, segments } from '../api/http'
import type { Cluster, ClusterEvent, Machine, Node, UpgradePlan, Upgrades } from '../api/types'

export interface ClusterName {
  readonly namespace: string
  readonly name: string
}

export const clusterPath = ({ namespace, name }: ClusterName): string => '/clusters' + segments(namespace, name)

const keyOf = ({ namespace, name }: ClusterName, ...part: string[]): readonly string[] => ['cluster', namespace, name, ...part]
/** For what no stream tells. */
const nowAndThen = 15_000

export const clusterQuery = (of: ClusterName) => queryOptions({ queryKey: keyOf(of), queryFn: ({ signal }) => call<Cluster>(clusterPath(of), { signal }) })

const part = <T>(of: ClusterName, name: string) =>
  queryOptions({ queryKey: keyOf(of, name), queryFn: async ({ signal }) => (await all<T>(`${clusterPath(of)}/${name}`, signal)).items, refetchInterval: nowAndThen })

export const nodesQuery = (of: ClusterName) => part<Node>(of, 'nodes')
export const machinesQuery = (of: ClusterName) => part<Machine>(of, 'machines')
export const eventsQuery = (of: ClusterName) => part<ClusterEvent>(of, 'events')
export const upgradesQuery = (of: ClusterName) => queryOptions({ queryKey: keyOf(of, 'upgrades'), queryFn: ({ signal }) => call<Upgrades>(clusterPath(of) + '/upgrades', { signal }) })

export const planQuery = (of: ClusterName, template: string) =>
  queryOptions({
    queryKey: keyOf(of, 'plan', template),
    queryFn: ({ signal }) => call<UpgradePlan>(clusterPath(of) + '/plan', { method: 'POST', body: { template }, signal }),
    // A chart is rendered for it; what was worked out a moment ago still holds.
    staleTime: 60_000,
  })

/** Of a cluster what people decide: what it shall be, whether it is held, whether it goes. */
export const decidedOf = ({ labels, template, credential, dryRun, phase, deletionRequested, generation }: Cluster): object => ({ labels, template, credential, dryRun, paused: phase === 'Paused', deletionRequested, generation })

/** How it is now, for the page as well. */
export async function readCluster(queries: QueryClient, of: ClusterName): Promise<Cluster> {
  const now = await call<Cluster>(clusterPath(of))
  showCluster(queries, now)
  return now
}

/** What an action answered, or a stream told, is what the page shows. */
export const showCluster = (queries: QueryClient, cluster: Cluster): void => void queries.setQueryData(clusterQuery(cluster).queryKey, cluster)

export const askAgain = (queries: QueryClient, of: ClusterName): Promise<void> => queries.invalidateQueries({ queryKey: keyOf(of) })
