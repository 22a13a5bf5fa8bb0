import type { Cluster } from '../api/types'
import { texts } from '../app/searchText'
import type { Sort } from '../table/DataTable'
import { named, searcher } from '../table/text'

/** What the address says about the table of clusters. */
export interface ClusterSearch {
  q?: string
  phase?: string
  namespace?: string
  template?: string
  version?: string
  upgradable?: string
  sort?: string
}

export const clusterTabs = ['overview', 'nodes', 'machines', 'services', 'costs', 'alerts', 'events', 'upgrades', 'access'] as const
export type ClusterTab = (typeof clusterTabs)[number]

const names = ['q', 'phase', 'namespace', 'template', 'version', 'upgradable', 'sort'] as const

export const readClusterSearch = (raw: Readonly<Record<string, unknown>>): ClusterSearch => texts(names, raw)

/** `-age` is the age, largest first. */
export function readSort(text: string | undefined, usual: Sort): Sort {
  if (text === undefined) return usual
  return text.startsWith('-') ? { id: text.slice(1), desc: true } : { id: text, desc: false }
}

export const writeSort = (sort: Sort): string => (sort.desc ? '-' : '') + sort.id

const fits = searcher<Cluster>((cluster) => [
  `${cluster.namespace}/${cluster.name}`,
  cluster.template,
  cluster.credential,
  cluster.kubernetesVersion,
  cluster.region,
  cluster.message,
  ...Object.entries(cluster.labels ?? {}).map(([key, value]) => `${key}=${value}`),
])

/** All but the filter by phase, so that the counts beside the phases say what choosing one would show. */
export function fitsBesidePhase(cluster: Cluster, search: ClusterSearch): boolean {
  return (
    (search.namespace === undefined || cluster.namespace === search.namespace) &&
    (search.template === undefined || cluster.template === search.template) &&
    (search.version === undefined || cluster.kubernetesVersion === search.version) &&
    (search.upgradable !== 'true' || cluster.availableUpgrades.length > 0) &&
    fits(cluster, search.q ?? '')
  )
}

export function ofPhases(clusters: readonly Cluster[], phase: string | undefined): readonly Cluster[] {
  const wanted = named(phase)
  return wanted === null ? clusters : clusters.filter((cluster) => wanted.has(cluster.phase))
}

export const distinct = (values: Iterable<string | undefined>): string[] =>
  [...new Set(values)].filter((value): value is string => value !== undefined && value !== '').sort(new Intl.Collator('en', { numeric: true }).compare)
