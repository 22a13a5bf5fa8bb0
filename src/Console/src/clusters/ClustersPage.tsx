import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { clusterFeed, useClusterFeed } from '../api/clusterFeed'
import { keyOf as clusterKey } from '../api/objectSet'
import { phases, type Cluster } from '../api/types'
import { CopyLink } from '../app/CopyLink'
import { FeedState } from '../app/FeedState'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { changed } from '../app/searchText'
import { PhaseStatus, phaseTone, Status } from '../app/Status'
import { usePageTitle } from '../app/title'
import { type Texts, useTexts } from '../i18n/language'
import { span, useNow } from '../i18n/time'
import { type Column, DataTable } from '../table/DataTable'
import { RowLink } from '../table/RowLink'
import { counts, named, toggled } from '../table/text'
import { Chips, Choice, SearchField, Toolbar, useTyped } from '../table/Toolbar'
import { ViewsMenu } from '../table/ViewsMenu'
import { type ClusterSearch, distinct, fitsBesidePhase, ofPhases, readClusterSearch, readSort, writeSort } from './search'
import { servicesOf } from './servicesOf'

const route = getRouteApi('/clusters')
const usual = { id: 'name', desc: false }

export function ClustersPage() {
  const texts = useTexts()
  const { t } = texts
  usePageTitle(t('clusters.title'))
  const feed = useClusterFeed()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = (change: { [Key in keyof ClusterSearch]?: string | undefined }) => void navigate({ search: (old) => changed(old, change), replace: true })
  const now = useNow()
  const columns = useMemo(() => clusterColumns(texts), [texts])
  const card = useCallback((cluster: Cluster) => <ClusterCard cluster={cluster} texts={texts} />, [texts])
  const [typed, setTyped] = useTyped(search.q)
  const beside = useMemo(() => feed.clusters.filter((cluster) => fitsBesidePhase(cluster, { ...search, q: typed })), [feed.clusters, search, typed])
  const rows = useMemo(() => ofPhases(beside, search.phase), [beside, search.phase])
  const byPhase = useMemo(() => counts(beside, (cluster) => cluster.phase), [beside])
  const choices = useMemo(
    () => ({
      namespaces: distinct(feed.clusters.map((cluster) => cluster.namespace)),
      templates: distinct(feed.clusters.map((cluster) => cluster.template)),
      versions: distinct(feed.clusters.map((cluster) => cluster.kubernetesVersion)),
    }),
    [feed.clusters],
  )
  const chips = phases.filter((phase) => byPhase.has(phase)).map((phase) => ({ id: phase, label: t(`phase.${phase}`), count: byPhase.get(phase) ?? 0, tone: phaseTone(phase) }))
  const { sort: _, q: __, ...filters } = search
  const isFiltered = typed !== '' || Object.keys(filters).length > 0

  return (
    <main id="content" className="page page-full">
      <header className="page-head">
        <h1>{t('clusters.title')}</h1>
        <span className="page-count" aria-live="polite">
          {isFiltered ? t('table.shown', { shown: rows.length, count: feed.clusters.length }) : t('clusters.count', { count: feed.clusters.length })}
        </span>
        <FeedState feed={feed} />
        <div className="page-actions">
          <ViewsMenu table="clusters" search={{ ...search }} onChoose={(kept) => void navigate({ search: readClusterSearch(kept) })} />
          <CopyLink />
        </div>
      </header>
      <Toolbar>
        <SearchField value={search.q ?? ''} placeholder={t('clusters.search')} onChange={(q) => go({ q })} onTyped={setTyped} />
        <Choice label={t('clusters.namespace')} value={search.namespace} values={choices.namespaces} onChange={(namespace) => go({ namespace })} />
        <Choice label={t('clusters.template')} value={search.template} values={choices.templates} onChange={(template) => go({ template })} />
        <Choice label={t('clusters.version')} value={search.version} values={choices.versions} onChange={(version) => go({ version })} />
        <label className={search.upgradable === 'true' ? 'choice chosen' : 'choice'}>
          <input type="checkbox" checked={search.upgradable === 'true'} onChange={(event) => go({ upgradable: event.target.checked ? 'true' : undefined })} />
          <span>{t('clusters.upgradable')}</span>
        </label>
        {isFiltered ? (
          <button type="button" className="button quiet" onClick={() => void navigate({ search: changed({} as ClusterSearch, { sort: search.sort }), replace: true })}>
            {t('table.filter.clear')}
          </button>
        ) : null}
      </Toolbar>
      <Chips label={t('clusters.byPhase')} chips={chips} chosen={named(search.phase)} onToggle={(phase) => go({ phase: toggled(search.phase, phase) })} />
      {feed.status === 'loading' && feed.clusters.length === 0 ? (
        <Loading />
      ) : feed.status === 'failed' ? (
        <ProblemPanel error={feed.problem} onRetry={clusterFeed.start} />
      ) : (
        <DataTable
          label={t('clusters.title')}
          columns={columns}
          rows={rows}
          among={feed.clusters}
          rowKey={clusterKey}
          now={now}
          card={card}
          sort={readSort(search.sort, usual)}
          onSort={(sort) => go({ sort: writeSort(sort) })}
          empty={isFiltered ? <Empty title={t('table.nothing')} /> : <Empty title={t('clusters.empty')}>{t('clusters.empty.text')}</Empty>}
        />
      )}
    </main>
  )
}

const ClusterLink = ({ cluster }: { readonly cluster: Cluster }) => (
  <RowLink to={['clusters', cluster.namespace, cluster.name]} className="name-link">
    {cluster.name}
  </RowLink>
)

function Version({ cluster, texts: { t } }: { readonly cluster: Cluster; readonly texts: Texts }) {
  if (cluster.kubernetesVersion === undefined) return <span className="muted">–</span>
  return (
    <>
      {cluster.kubernetesVersion}
      {cluster.availableUpgrades.length === 0 ? null : (
        <span className="mark" title={`${t('clusters.upgradable')}: ${cluster.availableUpgrades.join(', ')}`}>
          ↑<span className="visually-hidden">{t('clusters.upgradable')}</span>
        </span>
      )}
    </>
  )
}

function ClusterCard({ cluster, texts }: { readonly cluster: Cluster; readonly texts: Texts }) {
  const services = servicesOf(cluster)
  return (
    <>
      <div className="card-line">
        <ClusterLink cluster={cluster} />
        <PhaseStatus phase={cluster.phase} />
      </div>
      <div className="card-line muted">
        <span className="clip">
          {cluster.namespace} · {cluster.template}
        </span>
        <span>
          <Version cluster={cluster} texts={texts} />
        </span>
      </div>
      <div className="card-line muted">
        <span className="clip">{cluster.phase === 'Ready' ? '' : cluster.message}</span>
        {services.count === 0 ? null : <span>{texts.t('clusters.servicesReady', services)}</span>}
      </div>
    </>
  )
}

function clusterColumns(texts: Texts): readonly Column<Cluster>[] {
  const { t, language, dateTime } = texts
  return [
    { id: 'name', header: t('clusters.name'), width: 'minmax(11rem, 1.3fr)', isName: true, value: (c) => c.name, cell: (c) => <ClusterLink cluster={c} /> },
    { id: 'namespace', header: t('clusters.namespace'), width: 'minmax(9.5rem, 1.1fr)', value: (c) => c.namespace, cell: (c) => <span className="muted">{c.namespace}</span> },
    { id: 'phase', header: t('clusters.phase'), width: '8.5rem', value: (c) => t(`phase.${c.phase}`), cell: (c) => <Status tone={phaseTone(c.phase)} text={t(`phase.${c.phase}`)} /> },
    { id: 'version', header: t('clusters.version'), width: '8rem', value: (c) => c.kubernetesVersion, cell: (c) => <Version cluster={c} texts={texts} /> },
    { id: 'template', header: t('clusters.template'), width: 'minmax(15rem, 1.7fr)', value: (c) => c.template, cell: (c) => c.template },
    {
      id: 'services',
      header: t('clusters.services'),
      width: '6.5rem',
      numeric: true,
      value: (c) => c.services.length,
      cell: (c) => {
        const services = servicesOf(c)
        if (services.count === 0) return <span className="muted">–</span>
        return <span className={services.ready < services.count ? 'lacking' : ''}>{t('clusters.servicesReady', services)}</span>
      },
    },
    { id: 'age', header: t('clusters.age'), width: '5rem', numeric: true, value: (c) => (c.created === undefined ? undefined : -Date.parse(c.created)), cell: (c, now) => (c.created === undefined ? '–' : <time dateTime={c.created} title={dateTime(c.created)}>{span(language, c.created, now)}</time>) },
    {
      id: 'message',
      header: t('clusters.message'),
      width: 'minmax(11rem, 1.6fr)',
      cell: (c) => (
        <span className={c.phase === 'Ready' ? 'muted' : ''} title={c.message}>
          {c.dryRun === true ? `${t('clusters.dryRun')} · ` : ''}
          {c.message}
        </span>
      ),
    },
  ]
}
