import type { Cluster } from '../api/types'

/** How many services of the cluster run, of how many. */
export const servicesOf = ({ services }: Cluster): { ready: number; count: number } => ({
  ready: services.filter((service) => service.state === 'Deployed').length,
  count: services.length,
})
