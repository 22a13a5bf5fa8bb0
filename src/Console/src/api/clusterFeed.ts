import { useSyncExternalStore } from 'react'
import { ObjectSet } from './objectSet'
import { follow } from './events'
import { all } from './http'
import { ApiProblem } from './problem'
import type { Cluster } from './types'

export interface ClusterFeed {
  /** live: every change comes at once. polling: the caller may list and not watch. stale: the connection broke and is made anew. */
  readonly status: 'loading' | 'live' | 'polling' | 'stale' | 'failed'
  readonly clusters: readonly Cluster[]
  /** Some namespaces are not shown, because the caller may not list them. */
  readonly limited: boolean
  readonly problem: ApiProblem | null
}

const empty: ClusterFeed = { status: 'loading', clusters: [], limited: false, problem: null }
/** Changes are shown together: a fleet that starts tells hundreds a second. */
const together = 120
const pollEvery = 30_000

let current = empty
let stop: AbortController | null = null
const set = new ObjectSet<Cluster>()
const listeners = new Set<() => void>()

function tell(next: Partial<ClusterFeed>): void {
  current = { ...current, ...next }
  for (const listener of listeners) listener()
}

/** All clusters that the caller may see: listed once, then followed from the version of the list. */
export const clusterFeed = {
  get: (): ClusterFeed => current,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  start(): void {
    clusterFeed.stop()
    stop = new AbortController()
    void run(stop.signal)
  },
  stop(): void {
    stop?.abort()
    stop = null
    set.replace([])
    tell(empty)
  },
}

export const useClusterFeed = (): ClusterFeed => useSyncExternalStore(clusterFeed.subscribe, clusterFeed.get)

async function run(signal: AbortSignal): Promise<void> {
  const version = await list(signal)
  if (version === null || signal.aborted) return
  let waiting: ReturnType<typeof setTimeout> | null = null
  const refused = await follow({
    path: '/watch?kinds=clusters',
    from: version === '' ? '' : `clusters=${version}`,
    signal,
    onOpen: () => tell({ status: 'live', problem: null }),
    onBreak: (problem) => tell({ status: 'stale', problem }),
    onEvent: (event) => {
      if (!set.apply(event) || waiting !== null) return
      waiting = setTimeout(() => {
        waiting = null
        if (!signal.aborted) tell({ clusters: set.all() })
      }, together)
    },
  })
  if (refused?.status !== 403) return
  while (!signal.aborted) {
    tell({ status: 'polling', problem: null })
    await new Promise((resolve) => setTimeout(resolve, pollEvery))
    if ((await list(signal)) === null) return
  }
}

/** The version of the list; null when there is none and none will come. */
async function list(signal: AbortSignal): Promise<string | null> {
  for (let pause = 1000; !signal.aborted; pause = Math.min(pause * 2, 15_000)) {
    try {
      const page = await all<Cluster>('/clusters', signal)
      set.replace(page.items)
      tell({ clusters: set.all(), limited: page.limitedByAccess === true, problem: null })
      return page.resourceVersion ?? ''
    } catch (error) {
      if (signal.aborted) return null
      const problem = ApiProblem.of(error)
      tell({ status: current.clusters.length > 0 ? 'stale' : 'failed', problem })
      if (problem.status === 401 || problem.status === 403) return null
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  return null
}
