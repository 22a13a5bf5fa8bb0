import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { ClusterPage } from '../clusters/ClusterPage'
import { ClustersPage } from '../clusters/ClustersPage'
import { clusterTabs, readClusterSearch } from '../clusters/search'
import { ServicePage } from '../services/ServicePage'
import { ServicesPage } from '../services/ServicesPage'
import { readServiceSearch, serviceTabs } from '../services/search'
import { App } from './App'
import { NotFound } from './NotFound'
import { ProblemPanel } from './Messages'

type Raw = Readonly<Record<string, unknown>>

const tabOf = <Tab extends string>(tabs: readonly Tab[], raw: Raw): { tab?: Tab } => {
  const tab = tabs.find((each) => each === raw['tab'])
  return tab === undefined ? {} : { tab }
}

const root = createRootRoute({ component: App, notFoundComponent: NotFound, errorComponent: ({ error }) => <ProblemPanel error={error} /> })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/clusters', replace: true })
  },
})

const clusters = createRoute({ getParentRoute: () => root, path: '/clusters', component: ClustersPage, validateSearch: (raw: Raw) => readClusterSearch(raw) })

const cluster = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$namespace/$name',
  component: ClusterPage,
  validateSearch: (raw: Raw) => tabOf(clusterTabs, raw),
})

const services = createRoute({ getParentRoute: () => root, path: '/services', component: ServicesPage, validateSearch: (raw: Raw) => readServiceSearch(raw) })

const service = createRoute({
  getParentRoute: () => root,
  path: '/services/$namespace/$cluster/$serviceNamespace/$service',
  component: ServicePage,
  validateSearch: (raw: Raw) => tabOf(serviceTabs, raw),
})

export const router = createRouter({ routeTree: root.addChildren([home, clusters, cluster, services, service]), scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
