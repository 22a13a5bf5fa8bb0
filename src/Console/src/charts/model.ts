/** What a chart shows, without anything of how it is drawn. The same is its table. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  /** A colour of the theme; else the next of the series' colours. */
  readonly colour?: string
}

export interface ChartModel {
  readonly kind: 'bars' | 'lines'
  /** What the columns are, as text. */
  readonly labels: readonly string[]
  readonly series: readonly Series[]
  /** Between them lies what may be; of lines only. */
  readonly band?: { readonly name: string; readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] }
  /** Levels across the chart. */
  readonly levels?: readonly { readonly name: string; readonly value: number; readonly colour: string }[]
  readonly format: (value: number) => string
  readonly shortFormat: (value: number) => string
}

export interface Named {
  readonly name: string
  readonly values: readonly number[]
}

/** The largest by their sum, the others in one; `last` stay apart and come last, whatever they are. */
export function largest(all: readonly Named[], most: number, others: string, last: readonly string[] = []): readonly Named[] {
  const sum = ({ values }: Named) => values.reduce((total, value) => total + value, 0)
  const apart = all.filter((each) => last.includes(each.name))
  const sorted = all.filter((each) => !last.includes(each.name)).sort((a, b) => sum(b) - sum(a))
  if (sorted.length <= most) return [...sorted, ...apart]
  const rest = sorted.slice(most - 1)
  const together = rest[0]!.values.map((_, index) => rest.reduce((total, each) => total + (each.values[index] ?? 0), 0))
  return [...sorted.slice(0, most - 1), { name: others, values: together }, ...apart]
}
