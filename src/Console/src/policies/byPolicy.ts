import type { ComplianceCounts, PolicyRow } from './queries'

export interface PolicySum extends ComplianceCounts {
  readonly policy: string
  readonly source: string
  readonly clusters: readonly string[]
}

const parts = ['pass', 'fail', 'warn', 'error', 'skip', 'excepted'] as const

export const wrongIn = (counts: ComplianceCounts): number => counts.fail + counts.error

/** Rows of policy, cluster and namespace as one for each policy, worst first. */
export function byPolicy(rows: readonly PolicyRow[]): readonly PolicySum[] {
  const found = new Map<string, PolicyRow[]>()
  for (const row of rows) {
    const key = `${row.source}\n${row.policy}`
    const known = found.get(key)
    if (known === undefined) found.set(key, [row])
    else known.push(row)
  }
  const sums = [...found.values()].map((of): PolicySum => {
    const counts = Object.fromEntries(parts.map((part) => [part, of.reduce((sum, row) => sum + row[part], 0)])) as unknown as ComplianceCounts
    const clusters = [...new Set(of.filter((row) => wrongIn(row) > 0).map((row) => `${row.namespace}/${row.cluster}`))].sort()
    return { ...counts, policy: of[0]!.policy, source: of[0]!.source, clusters }
  })
  return sums.sort((a, b) => wrongIn(b) - wrongIn(a) || b.warn - a.warn || a.policy.localeCompare(b.policy))
}
