import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { keyOf as clusterKey } from '../api/objectSet'
import { useClusterFeed } from '../api/clusterFeed'
import { CopyLink } from '../app/CopyLink'
import { changed } from '../app/searchText'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { Choice, SearchField, Toolbar } from '../table/Toolbar'
import { Events } from './Events'
import { Logs } from './Logs'
import { localText, rangeNames, rangeOf } from './ranges'
import { type ExploreSearch, type ExploreTab, exploreTabs } from './search'
import { Traces } from './Traces'
import './explore.css'

const route = getRouteApi('/explore')

export interface ExploreProps {
  readonly search: ExploreSearch
  readonly range: { readonly from: string; readonly to: string }
}

/** What was logged, traced and told, by cluster and time. */
export function ExplorePage() {
  const { t } = useTexts()
  usePageTitle(t('explore.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const feed = useClusterFeed()
  const now = useNow()
  const go = (change: { [Key in keyof ExploreSearch]?: ExploreSearch[Key] | undefined }) => void navigate({ search: (old) => changed(old, change), replace: true })
  const tab = search.tab ?? 'logs'
  const name = rangeNames.find((each) => each === search.range) ?? '1h'
  const range = rangeOf(name, now, search.from, search.to)
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('explore.title')}</h1>
        <div className="page-actions">
          <button type="button" className="button" onClick={() => void queries.invalidateQueries({ predicate: ({ queryKey }) => ['logs', 'traces', 'history'].includes(String(queryKey[0])) })}>
            {t('explore.again')}
          </button>
          <CopyLink />
        </div>
      </header>
      <Tabs label={t('explore.tabs')} current={tab} keep={{ range: search.range, from: search.from, to: search.to, cluster: search.cluster }} tabs={exploreTabs.map((id) => ({ id, label: t(`explore.${id}`) }))} />
      <Toolbar>
        <label className="choice chosen">
          <span>{t('explore.range')}</span>
          <select value={name} onChange={(event) => go(event.target.value === 'custom' ? { range: 'custom', from: range.from, to: range.to } : { range: event.target.value === '1h' ? undefined : event.target.value, from: undefined, to: undefined })}>
            {rangeNames.map((each) => (
              <option key={each} value={each}>
                {t(`explore.range.${each}`)}
              </option>
            ))}
          </select>
        </label>
        {name !== 'custom' ? null : (
          <span className="days">
            <input className="field" type="datetime-local" aria-label={t('costs.from')} value={localText(range.from)} onChange={(event) => event.target.value !== '' && go({ from: new Date(event.target.value).toISOString() })} />
            <span aria-hidden="true">–</span>
            <input className="field" type="datetime-local" aria-label={t('costs.to')} value={localText(range.to)} onChange={(event) => event.target.value !== '' && go({ to: new Date(event.target.value).toISOString() })} />
          </span>
        )}
        {tab === 'events' ? null : <Choice label={t('col.cluster')} value={search.cluster} values={feed.clusters.map(clusterKey).sort()} onChange={(cluster) => go({ cluster })} />}
        {fields(tab, search, go, t)}
      </Toolbar>
      {part(tab, { search, range })}
    </main>
  )
}

function fields(tab: ExploreTab, search: ExploreSearch, go: (change: { [Key in keyof ExploreSearch]?: ExploreSearch[Key] | undefined }) => void, t: ReturnType<typeof useTexts>['t']): ReactNode {
  switch (tab) {
    case 'logs':
      return (
        <>
          <Field label={t('clusters.namespace')} value={search.namespace} onChange={(namespace) => go({ namespace })} />
          <Field label={t('explore.pod')} value={search.pod} onChange={(pod) => go({ pod })} />
          <Choice label={t('explore.severity')} value={search.severity} values={['error', 'warn', 'info', 'debug']} onChange={(severity) => go({ severity })} />
          <SearchField value={search.q ?? ''} placeholder={t('explore.text')} onChange={(q) => go({ q })} />
        </>
      )
    case 'traces':
      return (
        <>
          <Field label={t('explore.service')} value={search.service} onChange={(service) => go({ service })} />
          <Choice label={t('explore.atLeast')} value={search.minDuration} values={['10ms', '100ms', '500ms', '1s', '5s']} onChange={(minDuration) => go({ minDuration })} />
        </>
      )
    case 'events':
      return (
        <>
          <Field label={t('clusters.namespace')} value={search.namespace} onChange={(namespace) => go({ namespace })} />
          <Field label={t('explore.object')} value={search.name} onChange={(name) => go({ name })} />
          <SearchField value={search.q ?? ''} placeholder={t('explore.text')} onChange={(q) => go({ q })} />
        </>
      )
  }
}

/** A name that is asked for as a whole: when it is done, not with each letter. */
function Field({ label, value, onChange }: { readonly label: string; readonly value: string | undefined; readonly onChange: (value: string | undefined) => void }) {
  const done = (text: string) => text.trim() !== (value ?? '') && onChange(text.trim() === '' ? undefined : text.trim())
  return <input key={value} className="field name-field" defaultValue={value ?? ''} placeholder={label} aria-label={label} spellCheck={false} autoComplete="off" onBlur={(event) => done(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && done(event.currentTarget.value)} />
}

function part(tab: ExploreTab, props: ExploreProps): ReactNode {
  switch (tab) {
    case 'logs':
      return <Logs {...props} />
    case 'traces':
      return <Traces {...props} />
    case 'events':
      return <Events {...props} />
  }
}
