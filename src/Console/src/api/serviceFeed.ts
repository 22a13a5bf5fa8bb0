import { useSyncExternalStore } from 'react'
import { follow } from './events'
import { ObjectSet } from './objectSet'
import type { ApiProblem } from './problem'
import type { Service } from './types'

/** A ServiceSet as the stream tells it. */
export interface ServiceSet {
  readonly namespace: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly cluster: string
  readonly services: readonly Service[]
}

export interface ServiceFeed {
  readonly status: 'loading' | 'live' | 'stale' | 'failed'
  readonly services: readonly Service[]
  /** Some namespaces are not shown, because the caller may not watch them. */
  readonly limited: boolean
  readonly problem: ApiProblem | null
}

const empty: ServiceFeed = { status: 'loading', services: [], limited: false, problem: null }
/** Changes are shown together: a service that rolls out to a fleet tells hundreds a second. */
const together = 120
/** Nobody looks any more: pages that follow one another keep the stream. */
const keptFor = 60_000

let current = empty
let stop: AbortController | null = null
let ending: ReturnType<typeof setTimeout> | undefined
const set = new ObjectSet<ServiceSet>()
const listeners = new Set<() => void>()

function tell(next: Partial<ServiceFeed>): void {
  current = { ...current, ...next }
  for (const listener of listeners) listener()
}

/** The services of all clusters that the caller may see, followed for as long as a page shows them. */
export const serviceFeed = {
  get: (): ServiceFeed => current,
  subscribe(listener: () => void): () => void {
    clearTimeout(ending)
    listeners.add(listener)
    if (stop === null) serviceFeed.start()
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) ending = setTimeout(serviceFeed.stop, keptFor)
    }
  },
  start(): void {
    serviceFeed.stop()
    stop = new AbortController()
    void run(stop.signal)
  },
  stop(): void {
    clearTimeout(ending)
    stop?.abort()
    stop = null
    set.replace([])
    tell(empty)
  },
}

export const useServiceFeed = (): ServiceFeed => useSyncExternalStore(serviceFeed.subscribe, serviceFeed.get)

async function run(signal: AbortSignal): Promise<void> {
  let isComplete = false
  let waiting: ReturnType<typeof setTimeout> | null = null
  const refused = await follow({
    path: '/watch?kinds=service-sets',
    from: '',
    signal,
    onOpen: () => isComplete && tell({ status: 'live', problem: null }),
    onBreak: (problem) => tell({ status: isComplete ? 'stale' : 'failed', problem }),
    onEvent: (event) => {
      const changed = set.apply(event)
      if (event.name === 'synced') {
        isComplete = true
        tell({ status: 'live', problem: null, limited: (JSON.parse(event.data) as { limitedByAccess?: boolean }).limitedByAccess === true, services: set.all().flatMap((each) => each.services) })
      } else if (changed && waiting === null) {
        waiting = setTimeout(() => {
          waiting = null
          if (!signal.aborted) tell({ services: set.all().flatMap((each) => each.services) })
        }, together)
      }
    },
  })
  if (refused !== null && !signal.aborted) tell({ status: 'failed', problem: refused })
}
