import type { Allocation, AllocationProperties, Allocations } from './types'
import { ordered } from '../table/text'
import type { Sort } from '../table/DataTable'
import type { Named } from '../charts/model'
import { day, hour, type Span, stepOf, stepsOf } from './windows'

export interface CostRow {
  readonly name: string
  readonly properties: AllocationProperties
  readonly cpu: number
  readonly ram: number
  readonly gpu: number
  readonly volumes: number
  readonly network: number
  readonly balancers: number
  readonly shared: number
  readonly total: number
  /** Null where nothing can be used: idle, unmounted, shared. */
  readonly efficiency: number | null
  readonly before: number | undefined
  readonly missing: readonly string[]
}

export const amountColumns = ['cpu', 'ram', 'gpu', 'volumes', 'network', 'balancers', 'shared'] as const

const ofNoWorkload = /(^|\/)__(idle|unmounted|shared|external)__$/

/** `__idle__` and its like: what no workload is. */
export const specialOf = (name: string): 'idle' | 'unmounted' | 'shared' | 'external' | 'unallocated' | null => {
  const last = name.split('/').at(-1) ?? ''
  const found = /^__(idle|unmounted|shared|external|unallocated)__$/.exec(last)
  return (found?.[1] ?? null) as ReturnType<typeof specialOf>
}

function rowOf(name: string, of: Allocation, before: Allocation | undefined, compared: boolean): CostRow {
  return {
    name,
    properties: of.properties,
    cpu: of.cpuCost + of.cpuCostAdjustment,
    ram: of.ramCost + of.ramCostAdjustment,
    gpu: of.gpuCost + of.gpuCostAdjustment,
    volumes: of.pvCost + of.pvCostAdjustment,
    network: of.networkCost + of.networkCostAdjustment,
    balancers: of.loadBalancerCost + of.loadBalancerCostAdjustment,
    shared: of.sharedCost + of.externalCost,
    total: of.totalCost,
    efficiency: ofNoWorkload.test(name) ? null : of.totalEfficiency,
    before: compared ? (before?.totalCost ?? 0) : undefined,
    missing: of.missingPrices ?? [],
  }
}

const nothing: Allocation = {
  name: '', properties: {}, minutes: 0, cpuCost: 0, cpuCostAdjustment: 0, cpuEfficiency: 0, cpuCoreRequestAverage: 0, cpuCoreUsageAverage: 0, gpuCost: 0, gpuCostAdjustment: 0,
  ramCost: 0, ramCostAdjustment: 0, ramEfficiency: 0, ramByteRequestAverage: 0, ramByteUsageAverage: 0, networkCost: 0, networkCostAdjustment: 0, loadBalancerCost: 0,
  loadBalancerCostAdjustment: 0, pvCost: 0, pvCostAdjustment: 0, externalCost: 0, sharedCost: 0, totalCost: 0, totalEfficiency: 0,
}

/** The rows of a window, beside what they cost in the one before. What is gone since is there with nothing, as it is a part of the change. */
export function rowsOf(now: Allocations, before: Allocations | undefined): readonly CostRow[] {
  const known = now.data[0] ?? {}
  const old = before?.data[0] ?? {}
  const rows = Object.entries(known).map(([name, of]) => rowOf(name, of, old[name], before !== undefined))
  for (const [name, of] of Object.entries(old)) if (known[name] === undefined && of.totalCost > 0) rows.push(rowOf(name, { ...nothing, properties: of.properties }, of, true))
  return rows
}

export const sum = (rows: readonly CostRow[], of: (row: CostRow) => number): number => rows.reduce((total, row) => total + of(row), 0)

const values: Readonly<Record<string, (row: CostRow) => string | number | null | undefined>> = {
  name: (row) => row.name,
  efficiency: (row) => row.efficiency,
  before: (row) => row.before,
  change: (row) => (row.before === undefined ? undefined : row.total - row.before),
  total: (row) => row.total,
}

/** What has no value stays last, whichever way round. */
export function sortRows(rows: readonly CostRow[], { id, desc }: Sort): readonly CostRow[] {
  const value = values[id] ?? ((row: CostRow) => row[id as (typeof amountColumns)[number]])
  return ordered(rows, value, desc)
}

/** One set for each step of the time: the answer has none for a step without costs. */
export function setsOfSteps(answer: Allocations, span: Span): Allocations['data'] {
  const length = stepOf(span) === '1h' ? hour : day
  const sets = stepsOf(span).map((): Allocations['data'][number] => ({}))
  for (const set of answer.data) {
    const start = Object.values(set)[0]?.window?.start
    const index = start === undefined ? -1 : Math.floor((Date.parse(start) - span.start) / length)
    if (index >= 0 && index < sets.length) sets[index] = set
  }
  return sets
}

/** A chart's series of each key, from sets that are one after the other. */
export function seriesOf(sets: Allocations['data']): readonly Named[] {
  const found = new Map<string, number[]>()
  sets.forEach((set, index) => {
    for (const [name, of] of Object.entries(set)) {
      let values = found.get(name)
      if (values === undefined) found.set(name, (values = new Array<number>(sets.length).fill(0)))
      values[index] = of.totalCost
    }
  })
  return [...found].map(([name, values]) => ({ name, values }))
}

const quoted = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
/** A sheet takes a text that begins like this for a formula. */
const harmless = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value)

export function csvOf(rows: readonly CostRow[], currency: string | undefined, aggregate: string): string {
  const compared = rows.some((row) => row.before !== undefined)
  const head = [aggregate, ...amountColumns, 'total', 'efficiency', ...(compared ? ['before'] : []), 'currency', 'missingPrices']
  const lines = rows.map((row) =>
    [harmless(row.name), ...amountColumns.map((column) => String(row[column])), String(row.total), row.efficiency === null ? '' : String(row.efficiency), ...(compared ? [String(row.before ?? '')] : []), currency ?? '', row.missing.join(' ')]
      .map(quoted)
      .join(','),
  )
  return [head.map(quoted).join(','), ...lines].join('\r\n') + '\r\n'
}
