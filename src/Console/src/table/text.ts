/** Ordered as people read: `node-2` before `node-10`, whatever the case. */
const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export type SortValue = string | number | null | undefined

/** What has no value comes last. */
export function compare(a: SortValue, b: SortValue): number {
  if (a === b) return 0
  if (a === null || a === undefined || a === '') return b === null || b === undefined || b === '' ? 0 : 1
  if (b === null || b === undefined || b === '') return -1
  return typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b))
}

/** In the order of a value of theirs; what has none comes last, whichever way round. */
export function ordered<T>(rows: readonly T[], value: (row: T) => SortValue, desc: boolean): readonly T[] {
  const valued = rows.map((row) => ({ row, value: value(row) }))
  const has = (each: SortValue): boolean => each !== null && each !== undefined && each !== ''
  return valued.sort((a, b) => (desc && has(a.value) && has(b.value) ? compare(b.value, a.value) : compare(a.value, b.value))).map((each) => each.row)
}

/** Every word of the search is somewhere in the texts of the item. The joined texts of an item are kept for as long as it is. */
export function searcher<T extends object>(texts: (item: T) => readonly (string | undefined)[]): (item: T, search: string) => boolean {
  const known = new WeakMap<T, string>()
  let last = ''
  let words: string[] = []
  return (item, search) => {
    if (search !== last) {
      last = search
      words = search.toLowerCase().split(/\s+/).filter((word) => word !== '')
    }
    if (words.length === 0) return true
    let text = known.get(item)
    if (text === undefined) known.set(item, (text = texts(item).join('\n').toLowerCase()))
    return words.every((word) => text.includes(word))
  }
}

/** `a,b` of an address as a set; null when nothing is named. */
export const named = (list: string | undefined): ReadonlySet<string> | null => (list === undefined || list === '' ? null : new Set(list.split(',')))

/** The list with the name in it, or without it when it was. */
export function toggled(list: string | undefined, name: string): string | undefined {
  const names = new Set(named(list) ?? [])
  if (!names.delete(name)) names.add(name)
  return names.size === 0 ? undefined : [...names].join(',')
}

export function counts<T, K extends string>(items: readonly T[], of: (item: T) => K): Map<K, number> {
  const found = new Map<K, number>()
  for (const item of items) found.set(of(item), (found.get(of(item)) ?? 0) + 1)
  return found
}
