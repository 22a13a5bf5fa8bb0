import { Link } from '@tanstack/react-router'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly count?: number | undefined
}

/** Parts of a page, each known to the route of the page. Each is an address, so these are links: they open in another window and can be passed on. */
export function Tabs({ label, tabs, current, keep }: { readonly label: string; readonly tabs: readonly Tab[]; readonly current: string; readonly keep?: Readonly<Record<string, string | undefined>> }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab, index) => (
        <Link key={tab.id} to="." search={{ ...keep, ...(index === 0 ? {} : { tab: tab.id }) } as never} replace className={tab.id === current ? 'tab current' : 'tab'} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.label}
          {tab.count === undefined ? null : <span className="count">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  )
}
