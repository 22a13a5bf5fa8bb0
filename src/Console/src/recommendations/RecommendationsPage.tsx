import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Asked } from '../app/Asked'
import { CopyLink } from '../app/CopyLink'
import { Figure, Figures } from '../app/Figure'
import { Empty } from '../app/Messages'
import { changed } from '../app/searchText'
import { usePageTitle } from '../app/title'
import { distinct } from '../clusters/search'
import { summaryQuery } from '../costs/queries'
import { useTexts } from '../i18n/language'
import { counts, named, searcher, toggled } from '../table/text'
import { Chips, Choice, SearchField, Toolbar } from '../table/Toolbar'
import { Card } from './Card'
import { kindText } from './kinds'
import { type Recommendation, type RecommendationState, recommendationsQuery, recommendationStates } from './queries'
import type { RecommendationSearch } from './search'
import './recommendations.css'

const route = getRouteApi('/recommendations')
const none: readonly Recommendation[] = []
const most = 100

const fits = searcher<Recommendation>((each) => [each.cluster, each.namespace ?? '', each.object?.name, each.object?.container ?? '', each.summary, each.kind])
const cashOf = (each: Recommendation): number => each.savings?.monthlyCash ?? 0
const freedOf = (each: Recommendation): number => each.savings?.monthlyFreed ?? 0

export function RecommendationsPage() {
  const texts = useTexts()
  const { t, money } = texts
  usePageTitle(t('recommendations.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = (change: { [Key in keyof RecommendationSearch]?: string | undefined }) => void navigate({ search: (old) => changed(old, change), replace: true })
  const state: RecommendationState = recommendationStates.find((each) => each === search.state) ?? 'open'
  const query = useQuery(recommendationsQuery(state))
  const summary = useQuery(summaryQuery())
  const items = query.data ?? none
  const currency = items.find((each) => each.savings?.currency !== undefined)?.savings?.currency ?? summary.data?.currency
  const beside = useMemo(() => items.filter((each) => (search.cluster === undefined || each.cluster === search.cluster) && fits(each, search.q ?? '')), [items, search.cluster, search.q])
  const kinds = named(search.kind)
  const rows = useMemo(() => beside.filter((each) => kinds === null || kinds.has(each.kind)).sort((a, b) => cashOf(b) - cashOf(a) || freedOf(b) - freedOf(a)), [beside, search.kind])
  // A workload that goes does not also become smaller: only the service knows what several save together, and it knows it of all that are open.
  const savings = state === 'open' && rows.length === items.length && rows.length > 0 ? summary.data?.savings : null
  const byKind = counts(beside, (each) => each.kind)
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('recommendations.title')}</h1>
        {query.data === undefined ? null : <span className="page-count">{t('recommendations.count', { count: rows.length })}</span>}
        <div className="page-actions">
          <CopyLink />
        </div>
      </header>
      <Toolbar>
        <div className="segments" role="radiogroup" aria-label={t('col.state')}>
          {recommendationStates.map((each) => (
            <label key={each}>
              <input type="radio" name="state" checked={state === each} onChange={() => go({ state: each === 'open' ? undefined : each })} />
              <span>{t(`recommendations.${each}`)}</span>
            </label>
          ))}
        </div>
        <SearchField value={search.q ?? ''} placeholder={t('recommendations.search')} onChange={(q) => go({ q })} />
        <Choice label={t('col.cluster')} value={search.cluster} values={distinct(items.map((each) => each.cluster))} onChange={(cluster) => go({ cluster })} />
      </Toolbar>
      <Chips label={t('recommendations.byKind')} chosen={kinds} onToggle={(kind) => go({ kind: toggled(search.kind, kind) })} chips={[...byKind].map(([kind, count]) => ({ id: kind, label: kindText(texts, kind), count, tone: 'good' }))} />
      <Asked query={query}>
        {() => (
          <>
            {savings == null ? null : (
              <Figures>
                <Figure label={t('recommendations.cash')} value={<a href="#advice">{money(savings.cash, currency)}</a>}>
                  {t('recommendations.cash.text')}
                </Figure>
                <Figure label={t('recommendations.freed')} value={<a href="#advice">{money(savings.freed, currency)}</a>}>
                  {t('recommendations.freed.text')}
                </Figure>
              </Figures>
            )}
            {rows.length === 0 ? (
              items.length > 0 ? (
                <Empty title={t('table.nothing')} />
              ) : state === 'open' ? (
                <Empty title={t('recommendations.none')}>{t('recommendations.none.text')}</Empty>
              ) : (
                <Empty title={t('recommendations.noneHere')} />
              )
            ) : (
              <ul className="advice-list" id="advice">
                {rows.slice(0, most).map((each) => (
                  <Card key={each.id} advice={each} currency={currency} />
                ))}
              </ul>
            )}
            {rows.length > most ? <p className="muted">{t('recommendations.first', { shown: most, count: rows.length })}</p> : null}
          </>
        )}
      </Asked>
    </main>
  )
}
