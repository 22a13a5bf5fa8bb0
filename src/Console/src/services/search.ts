import type { Service } from '../api/types'
import { texts } from '../app/searchText'
import { named, searcher } from '../table/text'

/** What the address says about the services. */
export interface ServiceSearch {
  q?: string
  state?: string
  namespace?: string
  service?: string
  drifted?: string
  held?: string
  layout?: string
  sort?: string
}

export const serviceTabs = ['overview', 'values', 'history', 'drift'] as const
export type ServiceTab = (typeof serviceTabs)[number]

const names = ['q', 'state', 'namespace', 'service', 'drifted', 'held', 'layout', 'sort'] as const

export const readServiceSearch = (raw: Readonly<Record<string, unknown>>): ServiceSearch => texts(names, raw)

export const releaseOf = (service: Service): string => `${service.serviceNamespace}/${service.name}`

export const serviceKey = (service: Service): string => `${service.namespace}/${service.cluster}/${releaseOf(service)}`

export const isHeld = (service: Service): boolean => service.held !== undefined || service.paused === true

const fits = searcher<Service>((service) => [`${service.namespace}/${service.cluster}`, releaseOf(service), service.template, service.multiClusterService, service.version, service.message])

/** All but the filter by state, so that the counts beside the states say what choosing one would show. */
export function fitsBesideState(service: Service, search: ServiceSearch): boolean {
  return (
    (search.namespace === undefined || service.namespace === search.namespace) &&
    (search.service === undefined || releaseOf(service) === search.service) &&
    (search.drifted !== 'true' || service.drift !== undefined) &&
    (search.held !== 'true' || isHeld(service)) &&
    fits(service, search.q ?? '')
  )
}

export function ofStates(services: readonly Service[], state: string | undefined): readonly Service[] {
  const wanted = named(state)
  return wanted === null ? services : services.filter((service) => wanted.has(service.state))
}
