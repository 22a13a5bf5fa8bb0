import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { readAlertSearch } from '../alerts/search'
import { ClusterPage } from '../clusters/ClusterPage'
import { ClustersPage } from '../clusters/ClustersPage'
import { clusterTabs, readClusterSearch } from '../clusters/search'
import { readCostSearch } from '../costs/search'
import { readExploreSearch } from '../explore/search'
import { OverviewPage } from '../overview/OverviewPage'
import { readPolicySearch } from '../policies/search'
import { readRecommendationSearch } from '../recommendations/search'
import { ServicePage } from '../services/ServicePage'
import { ServicesPage } from '../services/ServicesPage'
import { readServiceSearch, serviceTabs } from '../services/search'
import { readSettingsSearch } from '../settings/search'
import { App } from './App'
import { NotFound } from './NotFound'
import { ProblemPanel } from './Messages'

type Raw = Readonly<Record<string, unknown>>

const tabOf = <Tab extends string>(tabs: readonly Tab[], raw: Raw): { tab?: Tab } => {
  const tab = tabs.find((each) => each === raw['tab'])
  return tab === undefined ? {} : { tab }
}

const root = createRootRoute({ component: App, notFoundComponent: NotFound, errorComponent: ({ error }) => <ProblemPanel error={error} /> })

const home = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage })

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

// What most people do not open at once is fetched when they do.
const costs = createRoute({ getParentRoute: () => root, path: '/costs', component: lazyRouteComponent(() => import('../costs/CostsPage'), 'CostsPage'), validateSearch: (raw: Raw) => readCostSearch(raw) })
const budgets = createRoute({ getParentRoute: () => root, path: '/budgets', component: lazyRouteComponent(() => import('../budgets/BudgetsPage'), 'BudgetsPage') })
const budget = createRoute({ getParentRoute: () => root, path: '/budgets/$namespace/$name', component: lazyRouteComponent(() => import('../budgets/BudgetPage'), 'BudgetPage') })
const recommendations = createRoute({
  getParentRoute: () => root,
  path: '/recommendations',
  component: lazyRouteComponent(() => import('../recommendations/RecommendationsPage'), 'RecommendationsPage'),
  validateSearch: (raw: Raw) => readRecommendationSearch(raw),
})
const alerts = createRoute({ getParentRoute: () => root, path: '/alerts', component: lazyRouteComponent(() => import('../alerts/AlertsPage'), 'AlertsPage'), validateSearch: (raw: Raw) => readAlertSearch(raw) })
const policies = createRoute({ getParentRoute: () => root, path: '/policies', component: lazyRouteComponent(() => import('../policies/PoliciesPage'), 'PoliciesPage'), validateSearch: (raw: Raw) => readPolicySearch(raw) })
const explore = createRoute({ getParentRoute: () => root, path: '/explore', component: lazyRouteComponent(() => import('../explore/ExplorePage'), 'ExplorePage'), validateSearch: (raw: Raw) => readExploreSearch(raw) })
const trace = createRoute({ getParentRoute: () => root, path: '/explore/traces/$id', component: lazyRouteComponent(() => import('../explore/TracePage'), 'TracePage') })
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'), validateSearch: (raw: Raw) => readSettingsSearch(raw) })

export const router = createRouter({
  routeTree: root.addChildren([home, clusters, cluster, services, service, costs, budgets, budget, recommendations, alerts, policies, explore, trace, settings]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
