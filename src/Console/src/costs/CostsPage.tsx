import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyLink } from '../app/CopyLink'
import { changed } from '../app/searchText'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { ViewsMenu } from '../table/ViewsMenu'
import { AllocationPart } from './AllocationPart'
import { AnomaliesPart } from './Anomalies'
import { AssetsPart } from './AssetsPart'
import { DataPart } from './DataPart'
import { type CostSearch, type CostTab, costTabs, readCostSearch } from './search'
import { TeamsPart } from './TeamsPart'
import './costs.css'

const route = getRouteApi('/costs')

export interface PartProps {
  readonly search: CostSearch
  /** What is looked at more closely is a step that the browser's back button takes back. */
  readonly go: (change: { [Key in keyof CostSearch]?: CostSearch[Key] | undefined }, step?: boolean) => void
}

export function CostsPage() {
  const { t } = useTexts()
  usePageTitle(t('costs.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go: PartProps['go'] = (change, step = false) => void navigate({ search: (old) => changed(old, change), replace: !step })
  const tab = search.tab ?? 'allocation'
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('costs.title')}</h1>
        <div className="page-actions">
          <ViewsMenu table="costs" search={{ ...search }} onChoose={(kept) => void navigate({ search: readCostSearch(kept) })} />
          <CopyLink />
        </div>
      </header>
      <Tabs label={t('costs.tabs')} current={tab} keep={{ window: search.window, from: search.from, to: search.to }} tabs={costTabs.map((id) => ({ id, label: t(`costs.${id}`) }))} />
      {part(tab, { search, go })}
    </main>
  )
}

function part(tab: CostTab, props: PartProps): ReactNode {
  switch (tab) {
    case 'allocation':
      return <AllocationPart {...props} />
    case 'assets':
      return <AssetsPart {...props} />
    case 'anomalies':
      return <AnomaliesPart {...props} />
    case 'teams':
      return <TeamsPart {...props} />
    case 'data':
      return <DataPart />
  }
}
