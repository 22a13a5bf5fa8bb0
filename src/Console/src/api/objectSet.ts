import type { ServerEvent } from './events'

export interface Named {
  readonly namespace: string
  readonly name: string
  readonly uid?: string
}

export const keyOf = (object: { readonly namespace: string; readonly name: string }): string => `${object.namespace}/${object.name}`

/** The objects of a kind as a stream of changes leaves them. Pure: events in, objects out. */
export class ObjectSet<T extends Named> {
  private known = new Map<string, T>()
  /** While the server tells everything anew, what it has told so far; the old stays visible until it is complete. */
  private fresh: Map<string, T> | null = null

  replace(objects: Iterable<T>): void {
    this.known = new Map([...objects].map((object) => [keyOf(object), object]))
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
      const { object } = JSON.parse(event.data) as { object: T }
      into.set(keyOf(object), object)
    } else if (event.name === 'deleted') {
      const gone = JSON.parse(event.data) as { namespace?: string; name: string; uid?: string }
      const key = keyOf({ namespace: gone.namespace ?? '', name: gone.name })
      // Another one of the same name may have come before the end of the first was told.
      if (gone.uid === undefined || into.get(key)?.uid === gone.uid) into.delete(key)
    } else {
      return false
    }
    return this.fresh === null
  }

  all(): readonly T[] {
    return [...this.known.values()]
  }

  find(key: string): T | undefined {
    return this.known.get(key)
  }
}
