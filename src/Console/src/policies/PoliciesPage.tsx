import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { ClusterLink } from '../alerts/AlertTable'
import { Asked } from '../app/Asked'
import { CopyLink } from '../app/CopyLink'
import { Empty } from '../app/Messages'
import { changed } from '../app/searchText'
import { Ago, Status, type Tone } from '../app/Status'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { Chart } from '../charts/Chart'
import type { ChartModel } from '../charts/model'
import { severityText, severityTone } from '../alerts/severity'
import { type Texts, useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { Choice, Toolbar } from '../table/Toolbar'
import { byPolicy, wrongIn } from './byPolicy'
import { type ClusterCompliance, clusterComplianceQuery, findingsQuery, policiesQuery, trendQuery } from './queries'
import { type PolicySearch, type PolicyTab, policyTabs } from './search'

const route = getRouteApi('/policies')
const days = 30
const resultTones: Readonly<Record<string, Tone>> = { fail: 'bad', error: 'bad', warn: 'doubt', excepted: 'held', pass: 'good' }

const resultText = ({ t }: Texts, result: string): string => (result === 'fail' || result === 'error' || result === 'warn' || result === 'excepted' || result === 'pass' ? t(`policies.${result}`) : result)

export function PoliciesPage() {
  const { t } = useTexts()
  usePageTitle(t('policies.title'))
  const { tab = 'clusters' } = route.useSearch()
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('policies.title')}</h1>
        <div className="page-actions">
          <CopyLink />
        </div>
      </header>
      <Tabs label={t('policies.tabs')} current={tab} tabs={policyTabs.map((id) => ({ id, label: t(`policies.${id}`) }))} />
      {part(tab)}
    </main>
  )
}

function part(tab: PolicyTab): ReactNode {
  switch (tab) {
    case 'clusters':
      return <ByCluster />
    case 'policies':
      return <ByPolicy />
    case 'findings':
      return <Findings />
  }
}

function ByCluster() {
  const { t } = useTexts()
  const query = useQuery(clusterComplianceQuery)
  const worst = (items: readonly ClusterCompliance[]) => [...items].sort((a, b) => wrongIn(b) - wrongIn(a) || b.warn - a.warn || a.cluster.localeCompare(b.cluster))
  const count = (cluster: ClusterCompliance, value: number) => (cluster.observedAt === undefined ? '–' : value)
  return (
    <Asked query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('policies.none')}>{t('policies.none.text')}</Empty>
        ) : (
          <>
            <Trend />
            <SmallTable
              label={t('policies.clusters')}
              rows={worst(items)}
              rowKey={(cluster) => `${cluster.namespace}/${cluster.cluster}`}
              columns={[
                {
                  header: t('col.cluster'),
                  isName: true,
                  cell: (cluster) => (
                    <Link to="/policies" search={{ tab: 'findings', cluster: `${cluster.namespace}/${cluster.cluster}` }} className="name-link break">
                      {cluster.namespace}/{cluster.cluster}
                    </Link>
                  ),
                },
                { header: t('policies.policies'), numeric: true, cell: (cluster) => count(cluster, cluster.policies) },
                { header: t('policies.pass'), numeric: true, cell: (cluster) => count(cluster, cluster.pass) },
                { header: t('policies.fail'), numeric: true, cell: (cluster) => (cluster.fail > 0 ? <b className="lacking">{cluster.fail}</b> : count(cluster, 0)) },
                { header: t('policies.warn'), numeric: true, cell: (cluster) => count(cluster, cluster.warn) },
                { header: t('policies.error'), numeric: true, cell: (cluster) => count(cluster, cluster.error) },
                { header: t('policies.excepted'), numeric: true, cell: (cluster) => count(cluster, cluster.excepted) },
                { header: t('policies.asOf'), cell: (cluster) => (cluster.observedAt === undefined ? t('policies.never') : cluster.stale === true ? <Status tone="doubt" text={t('policies.stale')} /> : <Ago time={cluster.observedAt} />) },
                { header: t('policies.note'), cell: (cluster) => <span className="break muted">{note(cluster, t)}</span> },
              ]}
            />
          </>
        )
      }
    </Asked>
  )
}

const note = (cluster: ClusterCompliance, t: Texts['t']): string =>
  [cluster.problem, cluster.observedAt !== undefined && (cluster.kinds ?? []).length === 0 ? t('policies.noEngine') : undefined, (cluster.leftOut ?? 0) > 0 ? t('policies.leftOut', { count: cluster.leftOut ?? 0 }) : undefined]
    .filter((part) => part !== undefined)
    .join('; ')

function Trend() {
  const texts = useTexts()
  const { t } = texts
  const query = useQuery(trendQuery(days))
  const model = useMemo<ChartModel | null>(() => {
    const known = query.data?.days ?? []
    if (known.length === 0 || known.every((each) => each.fail + each.warn + each.error + each.excepted === 0)) return null
    return {
      kind: 'bars',
      labels: known.map((each) => texts.day(each.day)),
      series: [
        { name: t('policies.fail'), values: known.map((each) => each.fail), colour: 'bad' },
        { name: t('policies.error'), values: known.map((each) => each.error), colour: 'going' },
        { name: t('policies.warn'), values: known.map((each) => each.warn), colour: 'doubt' },
        { name: t('policies.excepted'), values: known.map((each) => each.excepted), colour: 'held' },
      ],
      format: (value) => value.toLocaleString(texts.language),
      shortFormat: (value) => value.toLocaleString(texts.language),
    }
  }, [query.data, texts])
  return model === null ? null : <Chart title={t('policies.trend')} model={model} of={t('costs.day')} height={200} />
}

function ByPolicy() {
  const { t } = useTexts()
  const query = useQuery(policiesQuery)
  const sums = useMemo(() => byPolicy(query.data?.items ?? []), [query.data])
  return (
    <Asked query={query}>
      {() =>
        sums.length === 0 ? (
          <Empty title={t('policies.none')}>{t('policies.none.text')}</Empty>
        ) : (
          <SmallTable
            label={t('policies.policies')}
            rows={sums}
            rowKey={(sum) => sum.source + sum.policy}
            columns={[
              { header: t('policies.policy'), isName: true, cell: (sum) => <span className="break">{sum.policy}</span> },
              { header: t('policies.source'), cell: (sum) => sum.source },
              { header: t('policies.pass'), numeric: true, cell: (sum) => sum.pass },
              { header: t('policies.fail'), numeric: true, cell: (sum) => (sum.fail > 0 ? <b className="lacking">{sum.fail}</b> : 0) },
              { header: t('policies.warn'), numeric: true, cell: (sum) => sum.warn },
              { header: t('policies.error'), numeric: true, cell: (sum) => sum.error },
              { header: t('policies.excepted'), numeric: true, cell: (sum) => sum.excepted },
              {
                header: t('policies.failsIn'),
                cell: (sum) => (
                  <span className="cluster-list">
                    {sum.clusters.slice(0, 5).map((cluster) => (
                      <Link key={cluster} to="/policies" search={{ tab: 'findings', cluster, policy: sum.policy }}>
                        {cluster}
                      </Link>
                    ))}
                    {sum.clusters.length > 5 ? <span className="muted">+{sum.clusters.length - 5}</span> : null}
                  </span>
                ),
              },
            ]}
          />
        )
      }
    </Asked>
  )
}

/** What did not pass in one cluster, worst first. */
function Findings() {
  const texts = useTexts()
  const { t } = texts
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = (change: { [Key in keyof PolicySearch]?: PolicySearch[Key] | undefined }) => void navigate({ search: (old) => changed(old, change), replace: true })
  const clusters = useQuery(clusterComplianceQuery)
  const names = (clusters.data?.items ?? []).map((each) => `${each.namespace}/${each.cluster}`)
  const chosen = search.cluster ?? names[0]
  const [namespace, cluster] = (chosen ?? '').split('/')
  const query = useQuery({ ...findingsQuery(namespace ?? '', cluster ?? '', search.policy, search.result), enabled: namespace !== undefined && cluster !== undefined && cluster !== '' })
  if (chosen === undefined) return <Asked query={clusters}>{() => <Empty title={t('policies.none')}>{t('policies.none.text')}</Empty>}</Asked>
  return (
    <>
      <Toolbar>
        <Choice label={t('col.cluster')} value={chosen} values={names} onChange={(wanted) => go({ cluster: wanted, policy: undefined })} />
        <Choice label={t('policies.policy')} value={search.policy} values={[...new Set((query.data?.items ?? []).map((each) => each.policy))]} onChange={(policy) => go({ policy })} />
        <Choice label={t('policies.result')} value={search.result} values={['fail', 'warn', 'error', 'excepted']} onChange={(result) => go({ result })} />
        <ClusterLink cluster={chosen} />
      </Toolbar>
      <Asked query={query}>
        {({ items, continue: more }) =>
          items.length === 0 ? (
            <Empty title={t('policies.noFindings')} />
          ) : (
            <>
              <SmallTable
                label={t('policies.findings')}
                rows={items}
                rowKey={(_, index) => String(index)}
                columns={[
                  { header: t('policies.result'), cell: (finding) => <Status tone={resultTones[finding.result] ?? 'idle'} text={resultText(texts, finding.result) + (finding.exceptedBy === undefined ? '' : ` · ${finding.exceptedBy}`)} /> },
                  { header: t('anomalies.severity'), cell: (finding) => (finding.severity === undefined ? '–' : <Status tone={severityTone(finding.severity)} text={severityText(texts, finding.severity)} />) },
                  { header: t('policies.policy'), isName: true, cell: (finding) => <span className="break">{[finding.policy, finding.rule].filter((text) => text !== undefined).join(' · ')}</span> },
                  { header: t('col.object'), cell: (finding) => <span className="break">{[finding.kind, [finding.targetNamespace, finding.name].filter((text) => text !== undefined).join('/')].filter((text) => text !== undefined).join(' ')}</span> },
                  { header: t('col.message'), cell: (finding) => <span className="break">{finding.message}</span> },
                ]}
              />
              {more === undefined ? null : <p className="muted">{t('policies.more', { count: items.length })}</p>}
            </>
          )
        }
      </Asked>
    </>
  )
}
