import type { AllocationProperties } from './types'
import { specialOf } from './rows'

/** What costs can be asked by; a label is `label:KEY`. */
export const aggregates = ['cluster', 'namespace', 'controller', 'pod', 'container', 'node', 'team', 'product'] as const

const below: Readonly<Record<string, string>> = { cluster: 'namespace', namespace: 'controller', controller: 'pod', pod: 'container', node: 'pod', team: 'namespace', product: 'namespace' }

const quote = (value: string): string => `"${value}"`

/** And-ed to what is there; the two signs are not mixed without parentheses. */
export function and(filter: string, more: string): string {
  const old = filter.trim()
  if (old === '' || old === more) return more
  return `${/\|/.test(old.replace(/"[^"]*"/g, '')) ? `(${old})` : old}+${more}`
}

/** Where a row leads: what it is made of. Null for a container and for what is no workload. */
export function drillOf(aggregate: string, name: string, properties: AllocationProperties, filter: string): { readonly aggregate: string; readonly filter: string } | null {
  const special = specialOf(name)
  if (special !== null && special !== 'unallocated') return null
  const next = aggregate.startsWith('label:') ? 'namespace' : below[aggregate]
  // Values of the filter language can hold no quotation mark.
  if (next === undefined || name.includes('"')) return null
  const part = (field: string, value: string | undefined) => (value === undefined || value === '' || value.includes('"') ? [] : [`${field}:${quote(value)}`])
  const own =
    aggregate === 'controller'
      ? [...part('namespace', properties.namespace), ...part('controllerKind', properties.controllerKind), ...part('controllerName', properties.controller)]
      : aggregate.startsWith('label:')
        ? part(`label[${aggregate.slice('label:'.length)}]`, name)
        : aggregate === 'pod'
          ? [...part('namespace', properties.namespace), ...part('pod', properties.pod ?? name)]
          : part(aggregate, aggregate === 'cluster' ? (properties.cluster ?? name) : name)
  if (own.length === 0) return null
  const had = filter
  return { aggregate: next, filter: own.filter((each) => !had.includes(each)).reduce((made, each) => and(made, each), filter) }
}

/** At which character a filter goes wrong, where the answer says it. */
export function positionOf(message: string): number | null {
  const found = /^filter, position (\d+):/.exec(message)
  return found === null ? null : Number(found[1])
}

/** The currencies that cannot be added up, where the answer names them. */
export function currenciesOf(message: string): readonly string[] {
  const found = /^these costs are in (.+), which are not added up/.exec(message)
  return found === null ? [] : (found[1] ?? '').split(' and ')
}
