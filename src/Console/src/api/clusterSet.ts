import type { ServerEvent } from './events'
import type { Cluster } from './types'

export const clusterKey = (cluster: { readonly namespace: string; readonly name: string }): string => `${cluster.namespace}/${cluster.name}`

/** The clusters as a stream of changes leaves them. Pure: events in, objects out. */
export class ClusterSet {
  private known = new Map<string, Cluster>()
  /** While the server tells everything anew, what it has told so far; the old stays visible until it is complete. */
  private fresh: Map<string, Cluster> | null = null

  replace(clusters: Iterable<Cluster>): void {
    this.known = new Map([...clusters].map((cluster) => [clusterKey(cluster), cluster]))
    this.fresh = null
  }

  /** True when what is visible changed. */
  apply(event: ServerEvent): boolean {
    if (event.name === 'resync') {
      this.fresh = new Map()
      return false
    }
    if (event.name === 'synced') {
      if (this.fresh === null) return false
      this.known = this.fresh
      this.fresh = null
      return true
    }
    const into = this.fresh ?? this.known
    if (event.name === 'added' || event.name === 'modified') {
      const { object } = JSON.parse(event.data) as { object: Cluster }
      into.set(clusterKey(object), object)
    } else if (event.name === 'deleted') {
      const gone = JSON.parse(event.data) as { namespace?: string; name: string; uid?: string }
      const key = clusterKey({ namespace: gone.namespace ?? '', name: gone.name })
      // Another one of the same name may have come before the end of the first was told.
      if (gone.uid === undefined || into.get(key)?.uid === gone.uid) into.delete(key)
    } else {
      return false
    }
    return this.fresh === null
  }

  all(): readonly Cluster[] {
    return [...this.known.values()]
  }

  find(key: string): Cluster | undefined {
    return this.known.get(key)
  }
}
