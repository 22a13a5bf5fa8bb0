import { useSyncExternalStore } from 'react'

/** Filters, search and order of a table under a name, in this browser. */
export interface SavedView {
  readonly name: string
  readonly search: Readonly<Record<string, string>>
}

const most = 50
const listeners = new Set<() => void>()
const read = new Map<string, readonly SavedView[]>()

/** What is not a view is left out: the storage is everybody's who has this address. */
export function parseViews(text: string | null): readonly SavedView[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]')
    if (!Array.isArray(list)) return []
    return list.flatMap((item: unknown) => {
      if (typeof item !== 'object' || item === null) return []
      const { name, search } = item as { name?: unknown; search?: unknown }
      if (typeof name !== 'string' || name === '' || typeof search !== 'object' || search === null) return []
      return [{ name, search: Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) }]
    })
  } catch {
    return []
  }
}

export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...views.filter((other) => other.name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, most)
}

const placeOf = (table: string): string => `fleet.views.${table}`

function get(table: string): readonly SavedView[] {
  let views = read.get(table)
  if (views === undefined) read.set(table, (views = parseViews(localStorage.getItem(placeOf(table)))))
  return views
}

export function changeViews(table: string, change: (views: readonly SavedView[]) => readonly SavedView[]): void {
  const next = change(get(table))
  read.set(table, next)
  localStorage.setItem(placeOf(table), JSON.stringify(next))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useViews = (table: string): readonly SavedView[] => useSyncExternalStore(subscribe, () => get(table))
