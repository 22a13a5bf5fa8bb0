/** What the REST API answers, as far as the console shows it; `/openapi/v1.json` is the whole of it. */

export interface Page<T> {
  readonly items: readonly T[]
  readonly continue?: string
  readonly resourceVersion?: string
  readonly limitedByAccess?: boolean
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime: string
}

export const phases = ['Ready', 'Provisioning', 'Pending', 'Failed', 'Unknown', 'Paused', 'Deleting'] as const
export type Phase = (typeof phases)[number]

export const serviceStates = ['Deployed', 'Provisioning', 'Pending', 'Failed', 'Deleting', 'Deleted'] as const
export type ServiceState = (typeof serviceStates)[number]

export interface ClusterService {
  readonly name: string
  readonly namespace: string
  readonly template: string
  readonly state: ServiceState
  readonly version?: string
  readonly message?: string
  readonly since: string
}

export interface Cluster {
  readonly namespace: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  /** Grows with each change of what is declared. */
  readonly generation?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly template: string
  readonly credential?: string
  readonly dryRun?: boolean
  readonly phase: Phase
  readonly ready: boolean
  readonly message: string
  readonly kubernetesVersion?: string
  readonly region?: string
  readonly created?: string
  readonly deletionRequested?: string
  readonly availableUpgrades: readonly string[]
  readonly conditions: readonly Condition[]
  readonly services: readonly ClusterService[]
}

export interface Node {
  readonly name: string
  readonly ready: boolean
  readonly message?: string
  readonly roles: readonly string[]
  readonly schedulable: boolean
  readonly kubeletVersion?: string
  readonly addresses: readonly string[]
  readonly created?: string
}

export interface Machine {
  readonly namespace: string
  readonly name: string
  readonly phase?: string
  readonly kubernetesVersion?: string
  readonly node?: string
  readonly controlPlane: boolean
  readonly deployment?: string
  readonly created?: string
  readonly deletionRequested?: string
}

export interface ClusterEvent {
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly firstSeen?: string
  readonly lastSeen?: string
}

export interface Upgrade {
  readonly template: string
  readonly chartVersion?: string
  readonly kubernetesVersion?: string
  readonly valid: boolean
}

export interface Upgrades {
  readonly wanted: string
  readonly installed?: string
  readonly kubernetesVersion?: string
  readonly available: readonly Upgrade[]
}

export interface FieldChange {
  readonly path: string
  readonly from?: unknown
  readonly to?: unknown
  readonly secret?: boolean
}

export interface PlannedObject {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly replaces?: string
  readonly fields?: readonly FieldChange[]
}

export interface PlannedRollout {
  readonly kind: string
  readonly name: string
  readonly role: 'ControlPlane' | 'Workers'
  readonly machines?: number
  readonly machinesWanted?: number
  readonly rolls: boolean
  readonly reasons?: readonly string[]
  readonly afterControlPlane?: boolean
}

export interface UpgradePlan {
  readonly hasChanges: boolean
  readonly summary: string
  readonly created: readonly PlannedObject[]
  readonly changed: readonly PlannedObject[]
  readonly replaced: readonly PlannedObject[]
  readonly removed: readonly PlannedObject[]
  readonly rollouts: readonly PlannedRollout[]
  readonly blockers: readonly { readonly rule: string; readonly message: string }[]
  readonly warnings: readonly string[]
}

export interface Kubeconfig {
  readonly kubeconfig: string
  readonly expires?: string
  readonly subject?: string
  readonly role?: string
}

export interface Service {
  readonly namespace: string
  readonly cluster: string
  readonly serviceNamespace: string
  readonly name: string
  readonly serviceSet: string
  readonly multiClusterService?: string
  readonly type: string
  readonly template: string
  readonly version?: string
  readonly state: ServiceState
  readonly message?: string
  readonly since?: string
  readonly held?: { readonly revision?: number; readonly by?: string; readonly since?: string; readonly message: string }
  readonly paused?: boolean
  readonly drift?: string
  /** Of its ServiceSet. */
  readonly resourceVersion?: string
}

export interface Revision {
  readonly revision: number
  readonly updated?: string
  readonly status: string
  readonly chart?: string
  readonly appVersion?: string
  readonly description?: string
  readonly requestedBy?: string
}

export interface ServiceObject {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly health?: string
  readonly message?: string
}

export interface ServiceDetail extends Service {
  readonly chart?: string
  readonly appVersion?: string
  readonly problem?: string
  readonly revision?: number
  readonly conditions: readonly Condition[]
  readonly revisions: readonly Revision[]
  readonly objects: readonly ServiceObject[]
  readonly clusterProblem?: string
}

export interface Drift {
  readonly time: string
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly missing: boolean
  readonly fields: readonly string[]
  readonly changedBy?: string
  readonly changedAt?: string
  readonly action: string
  readonly detail?: string
}

export interface ValueOrigin {
  readonly kind: string
  readonly name?: string
  readonly key?: string
}

export interface ServiceValues {
  readonly chart: string
  readonly layers: readonly ValueOrigin[]
  readonly values: readonly { readonly path: string; readonly value?: unknown; readonly secret?: boolean; readonly from: ValueOrigin; readonly over?: readonly ValueOrigin[] }[]
}
