import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { serviceFeed, useServiceFeed } from '../api/serviceFeed'
import { type Service, serviceStates } from '../api/types'
import { CopyLink } from '../app/CopyLink'
import { FeedState } from '../app/FeedState'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { useNarrow } from '../app/narrow'
import { changed } from '../app/searchText'
import { stateTone } from '../app/Status'
import { usePageTitle } from '../app/title'
import { distinct, readSort, writeSort } from '../clusters/search'
import { useTexts } from '../i18n/language'
import { DataTable } from '../table/DataTable'
import { counts, named, toggled } from '../table/text'
import { Chips, Choice, SearchField, Toolbar, useTyped } from '../table/Toolbar'
import { ViewsMenu } from '../table/ViewsMenu'
import { matrixColumns, MatrixCard, ServiceCard, serviceColumns } from './columns'
import { type MatrixRow, matrixOf } from './matrix'
import { fitsBesideState, isHeld, ofStates, readServiceSearch, releaseOf, serviceKey, type ServiceSearch } from './search'

const route = getRouteApi('/services')
const byCluster = { id: 'cluster', desc: false }
const serviceCard = (service: Service) => <ServiceCard service={service} />

export function ServicesPage() {
  const texts = useTexts()
  const { t } = texts
  usePageTitle(t('services.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const narrow = useNarrow()
  const feed = useServiceFeed()
  const go = (change: { [Key in keyof ServiceSearch]?: string | undefined }) => void navigate({ search: (old) => changed(old, change), replace: true })
  const { services } = feed
  const [typed, setTyped] = useTyped(search.q)
  const beside = useMemo(() => services.filter((service) => fitsBesideState(service, { ...search, q: typed })), [services, search, typed])
  const rows = useMemo(() => ofStates(beside, search.state), [beside, search.state])
  const matrix = useMemo(() => matrixOf(rows), [rows])
  const byState = useMemo(() => counts(beside, (service) => service.state), [beside])
  const choices = useMemo(() => ({ namespaces: distinct(services.map((service) => service.namespace)), names: distinct(services.map(releaseOf)) }), [services])
  const asMatrix = search.layout === undefined ? !narrow : search.layout === 'matrix'
  const columns = useMemo(() => serviceColumns(texts), [texts])
  const across = useMemo(() => matrixColumns(texts, matrix.columns), [texts, matrix.columns.join('\n')])
  const { sort: _, layout: __, q: ___, ...filters } = search
  const isFiltered = typed !== '' || Object.keys(filters).length > 0
  const chips = serviceStates.filter((state) => byState.has(state)).map((state) => ({ id: state, label: t(`state.${state}`), count: byState.get(state) ?? 0, tone: stateTone(state) }))
  const empty = isFiltered ? <Empty title={t('table.nothing')} /> : <Empty title={t('services.empty')}>{t('services.empty.text')}</Empty>
  const common = { label: t('services.title'), onSort: (sort: { id: string; desc: boolean }) => go({ sort: writeSort(sort) }), empty }

  return (
    <main id="content" className="page page-full">
      <header className="page-head">
        <h1>{t('services.title')}</h1>
        <span className="page-count" aria-live="polite">
          {isFiltered ? t('table.shown', { shown: rows.length, count: services.length }) : t('services.count', { count: services.length })}
        </span>
        <FeedState feed={feed} />
        <div className="page-actions">
          <div className="segments" role="radiogroup" aria-label={t('services.layout')}>
            {(['matrix', 'list'] as const).map((layout) => (
              <label key={layout}>
                <input type="radio" name="layout" checked={asMatrix === (layout === 'matrix')} onChange={() => go({ layout, sort: undefined })} />
                <span>{t(`services.${layout}`)}</span>
              </label>
            ))}
          </div>
          <ViewsMenu table="services" search={{ ...search }} onChoose={(kept) => void navigate({ search: readServiceSearch(kept) })} />
          <CopyLink />
        </div>
      </header>
      <Toolbar>
        <SearchField value={search.q ?? ''} placeholder={t('services.search')} onChange={(q) => go({ q })} onTyped={setTyped} />
        <Choice label={t('clusters.namespace')} value={search.namespace} values={choices.namespaces} onChange={(namespace) => go({ namespace })} />
        <Choice label={t('col.service')} value={search.service} values={choices.names} onChange={(service) => go({ service })} />
        <Switch label={t('services.drifted')} count={services.filter((service) => service.drift !== undefined).length} on={search.drifted === 'true'} onChange={(on) => go({ drifted: on ? 'true' : undefined })} />
        <Switch label={t('services.held')} count={services.filter(isHeld).length} on={search.held === 'true'} onChange={(on) => go({ held: on ? 'true' : undefined })} />
        {isFiltered ? (
          <button type="button" className="button quiet" onClick={() => void navigate({ search: changed({} as ServiceSearch, { sort: search.sort, layout: search.layout }), replace: true })}>
            {t('table.filter.clear')}
          </button>
        ) : null}
      </Toolbar>
      <Chips label={t('services.byState')} chips={chips} chosen={named(search.state)} onToggle={(state) => go({ state: toggled(search.state, state) })} />
      {feed.status === 'loading' ? (
        <Loading />
      ) : feed.status === 'failed' ? (
        <ProblemPanel error={feed.problem} onRetry={serviceFeed.start} />
      ) : asMatrix ? (
        <DataTable<MatrixRow>
          {...common}
          key="matrix"
          columns={across}
          rows={matrix.rows}
          rowKey={(row) => row.key}
          card={(row) => <MatrixCard row={row} columns={matrix.columns} />}
          sort={readSort(search.sort, byCluster)}
        />
      ) : (
        <DataTable<Service> {...common} key="list" columns={columns} rows={rows} among={services} rowKey={serviceKey} card={serviceCard} sort={readSort(search.sort, byCluster)} />
      )}
    </main>
  )
}

function Switch({ label, count, on, onChange }: { readonly label: string; readonly count: number; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <label className={on ? 'choice chosen' : 'choice'}>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label} ({count})
      </span>
    </label>
  )
}
