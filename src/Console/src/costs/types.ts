/** What the cost APIs answer, as far as the console shows it: OpenCost's `/allocation` and `/assets`, and what is below `/api/v1/costs`. */

export interface AllocationProperties {
  readonly cluster?: string
  readonly node?: string
  readonly namespace?: string
  readonly controller?: string
  readonly controllerKind?: string
  readonly pod?: string
  readonly container?: string
}

export interface Allocation {
  readonly name: string
  readonly properties: AllocationProperties
  /** Of the set that the row is in. */
  readonly window?: { readonly start: string; readonly end: string }
  readonly minutes: number
  readonly cpuCost: number
  readonly cpuCostAdjustment: number
  readonly cpuEfficiency: number
  readonly cpuCoreRequestAverage: number
  readonly cpuCoreUsageAverage: number
  readonly gpuCost: number
  readonly gpuCostAdjustment: number
  readonly ramCost: number
  readonly ramCostAdjustment: number
  readonly ramEfficiency: number
  readonly ramByteRequestAverage: number
  readonly ramByteUsageAverage: number
  readonly networkCost: number
  readonly networkCostAdjustment: number
  readonly loadBalancerCost: number
  readonly loadBalancerCostAdjustment: number
  readonly pvCost: number
  readonly pvCostAdjustment: number
  readonly externalCost: number
  readonly sharedCost: number
  readonly totalCost: number
  readonly totalEfficiency: number
  readonly missingPrices?: readonly string[]
}

export interface Allocations {
  readonly data: readonly Readonly<Record<string, Allocation>>[]
  readonly currency?: string
}

export interface Asset {
  readonly type: string
  readonly properties: { readonly category: string; readonly cluster: string; readonly name?: string; readonly providerID?: string }
  readonly start: string
  readonly end: string
  readonly minutes: number
  readonly adjustment: number
  readonly totalCost: number
  readonly nodeType?: string
  readonly pool?: string
  readonly cpuCores?: number
  readonly ramBytes?: number
  readonly gpuCount?: number
  readonly preemptible?: number
  readonly discount?: number
  readonly bytes?: number
  readonly byteHoursUsed?: number | null
  readonly byteHours?: number
  readonly storageClass?: string
  readonly claimNamespace?: string
  readonly claimName?: string
  readonly ip?: string
}

export interface Assets {
  readonly data: Readonly<Record<string, Asset>>
  readonly currency?: string
}

export interface ClusterFreshness {
  readonly cluster: string
  readonly seenUntil?: string | null
  readonly problems?: readonly string[]
  readonly simulated?: boolean
  /** Whether workloads + idle + overhead were assets in what was added last; null when nothing was checked yet. */
  readonly balanced?: boolean | null
}

export interface Forecast {
  readonly amount: number
  readonly low: number
  readonly high: number
}

export interface CostSummary {
  readonly currency?: string
  readonly window: { readonly start: string; readonly end: string }
  readonly monthToDate: number
  readonly lastMonth?: number | null
  readonly lastMonthToSameDay?: number | null
  readonly forecast?: (Forecast & { readonly method?: string; readonly enoughHistory?: boolean }) | null
  readonly budget?: { readonly amount: number; readonly spent: number } | null
  readonly idlePercent?: number | null
  readonly efficiency?: number | null
  readonly savings?: { readonly cash: number; readonly freed: number } | null
  readonly topMovers?: readonly { readonly kind: string; readonly name: string; readonly cluster?: string | null; readonly amount: number; readonly before?: number | null; readonly change: number }[]
  readonly clusters?: readonly { readonly cluster: string; readonly amount: number; readonly change?: number | null; readonly seenUntil?: string | null }[]
  readonly days?: readonly { readonly date: string; readonly amount: number; readonly idle: number }[]
  readonly balanced?: boolean
  readonly simulated?: boolean
  readonly missingPrices?: number | boolean | readonly string[]
}

export interface Anomaly {
  readonly id: string
  readonly series: string
  readonly cluster?: string
  readonly namespace?: string
  readonly start: string
  readonly end?: string | null
  readonly expected: number
  readonly actual: number
  readonly impact: number
  readonly currency?: string
  readonly severity: string
  readonly top?: readonly { readonly name: string; readonly amount: number }[]
}

export interface Showback {
  /** Of the period before; `reason` when nothing is compared with it. */
  readonly prior?: { readonly first: string; readonly knownFrom?: string | null; readonly missingHours: number; readonly reason?: string | null } | null
  readonly period: string
  readonly by?: string
  readonly currency?: string
  readonly items: readonly { readonly owner: string; readonly direct: number; readonly shared: number; readonly idle: number; readonly total: number; readonly before?: number | null; readonly change?: number | null; readonly share: number }[]
  readonly unallocated?: number
  readonly total: number
}
