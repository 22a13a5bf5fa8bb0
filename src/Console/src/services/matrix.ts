import type { Service } from '../api/types'
import { releaseOf } from './search'

export interface MatrixRow {
  readonly key: string
  readonly namespace: string
  readonly cluster: string
  /** By the name of the column. */
  readonly cells: ReadonlyMap<string, Service>
}

export interface Matrix {
  /** Services, those on the most clusters first. */
  readonly columns: readonly string[]
  readonly rows: readonly MatrixRow[]
}

/** Clusters down, services across. Pure. */
export function matrixOf(services: readonly Service[]): Matrix {
  const rows = new Map<string, { namespace: string; cluster: string; cells: Map<string, Service> }>()
  const spread = new Map<string, number>()
  for (const service of services) {
    const key = `${service.namespace}/${service.cluster}`
    let row = rows.get(key)
    if (row === undefined) rows.set(key, (row = { namespace: service.namespace, cluster: service.cluster, cells: new Map() }))
    const release = releaseOf(service)
    row.cells.set(release, service)
    spread.set(release, (spread.get(release) ?? 0) + 1)
  }
  return {
    columns: [...spread].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([release]) => release),
    rows: [...rows].map(([key, row]) => ({ key, ...row })),
  }
}
