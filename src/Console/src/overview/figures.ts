import { spanOf, textOfDay, day } from '../costs/windows'

/** Parts of a whole come as 0.27 or as 27; above 1.5 it is the latter. An efficiency may exceed 1, and a share of 1.5 % is nothing to tell apart. */
export const fractionOf = (value: number | null | undefined): number | null => (value == null ? null : value > 1.5 ? value / 100 : value)

/** Over it is bad, about to be over it is doubtful. */
export function budgetTone({ amount, spent }: { readonly amount: number; readonly spent: number }, forecast: number | undefined): string {
  if (spent > amount) return 'bad'
  return (forecast ?? 0) > amount ? 'doubt' : 'good'
}

/** The seven whole days that a mover is about, beside the seven before them, of what it is about. What is of a team or another owner is found by that. */
export function moverSearch({ kind, name, cluster }: { readonly kind: string; readonly name: string; readonly cluster?: string | null }, now = Date.now()): {
  window: string
  from: string
  to: string
  compare: string
  aggregate: string
  filter?: string
} {
  const { start } = spanOf('today', now)
  const days = { window: 'custom', from: textOfDay(start - 7 * day), to: textOfDay(start - day), compare: 'true' }
  if (kind === 'cluster') return { ...days, aggregate: 'namespace', filter: `cluster:"${name}"` }
  if (kind !== 'namespace') return { ...days, aggregate: 'namespace', ...(kind === 'team' || kind === 'department' || kind === 'product' ? { filter: `${kind}:"${name}"` } : {}) }
  // A namespace may be told with its cluster: `team/web/shop`.
  const parts = name.split('/')
  const place = cluster ?? (parts.length === 3 ? `${parts[0]}/${parts[1]}` : undefined)
  return { ...days, aggregate: 'controller', filter: [...(place === undefined ? [] : [`cluster:"${place}"`]), `namespace:"${parts.at(-1)}"`].join('+') }
}

/** The first `most`, in their order, the same number of each kind as long as there are such: what clusters move by is more than what their namespaces do, and would leave no room for the cause. */
export function pickMovers<T extends { readonly kind: string }>(movers: readonly T[], most: number): readonly T[] {
  const nth = new Map<string, number>()
  const ranked = movers.map((mover, place) => {
    const rank = nth.get(mover.kind) ?? 0
    nth.set(mover.kind, rank + 1)
    return { mover, place, rank }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, most)
    .sort((a, b) => a.place - b.place)
    .map(({ mover }) => mover)
}
