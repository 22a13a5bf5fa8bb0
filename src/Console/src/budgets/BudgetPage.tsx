import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Asked } from '../app/Asked'
import { Bar } from '../app/Bar'
import { CopyLink } from '../app/CopyLink'
import { Figure, Figures } from '../app/Figure'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { usePageTitle } from '../app/title'
import { Chart } from '../charts/Chart'
import { day } from '../costs/windows'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { curveModel, endOf } from './curve'
import { type Budget, budgetsQuery } from './queries'
import { rowsOfBudget } from './rows'
import { stateOf, stateTones } from './state'
import './budgets.css'

const route = getRouteApi('/budgets/$namespace/$name')

export function BudgetPage() {
  const { t } = useTexts()
  const { namespace, name } = route.useParams()
  usePageTitle(`${namespace}/${name}`)
  const query = useQuery(budgetsQuery)
  const budget = query.data?.find((each) => each.namespace === namespace && each.name === name)
  return (
    <main id="content" className="page">
      <p className="crumbs">
        <Link to="/budgets">{t('budgets.title')}</Link> / {namespace}
      </p>
      <header className="page-head">
        <h1 className="break">{name}</h1>
        {budget === undefined ? null : <Status tone={stateTones[stateOf(budget)]} text={t(`budgets.state.${stateOf(budget)}`)} />}
        <div className="page-actions">
          <CopyLink />
        </div>
      </header>
      <Asked query={query}>{() => (budget === undefined ? <Empty title={t('error.notFound')} /> : <Details budget={budget} />)}</Asked>
    </main>
  )
}

function Details({ budget }: { readonly budget: Budget }) {
  const texts = useTexts()
  const { t, money, percent, date } = texts
  const model = useMemo(() => curveModel(texts, budget), [texts, budget])
  const search = rowsOfBudget(budget, Date.now())
  return (
    <>
      {budget.message === undefined || budget.message === '' ? null : <p className="lead">{budget.message}</p>}
      <Figures>
        <Figure label={t('budgets.spent')} value={<Link to="/costs" search={search}>{budget.spent == null ? '–' : money(budget.spent, budget.currency)}</Link>}>
          <Bar part={(budget.spent ?? 0) / budget.amount} tone={stateTones[stateOf(budget)]} />
          {budget.spent == null ? t('budgets.unknown') : t('budgets.ofAmount', { share: percent(budget.spent / budget.amount) })}
        </Figure>
        <Figure label={t('budgets.forecast')} value={<Link to="/costs" search={search}>{budget.forecast == null ? '–' : money(budget.forecast.amount, budget.currency)}</Link>}>
          {budget.forecast == null ? t('overview.littleHistory') : t('overview.band', { low: money(budget.forecast.low, budget.currency), high: money(budget.forecast.high, budget.currency) })}
        </Figure>
        <Figure label={t('budgets.amount')} value={<a href="#thresholds">{money(budget.amount, budget.currency)}</a>}>
          {t('overview.window', { start: date(budget.period.start), end: date(endOf(budget) - day / 2) })}
        </Figure>
      </Figures>
      <Chart title={t('budgets.curve')} model={model} of={t('costs.day')} height={300} />
      <div className="columns">
        <section id="thresholds">
          <h2>{t('budgets.thresholds')}</h2>
          {(budget.thresholds ?? []).length === 0 ? (
            <p className="muted">{t('budgets.noThresholds')}</p>
          ) : (
            <SmallTable
              label={t('budgets.thresholds')}
              rows={budget.thresholds ?? []}
              rowKey={(threshold) => threshold.kind + String(threshold.percent)}
              columns={[
                { header: t('budgets.threshold'), isName: true, cell: (threshold) => t(`budgets.of.${threshold.kind}`, { percent: percent(threshold.percent / 100) }) },
                { header: t('budgets.amount'), numeric: true, cell: (threshold) => money((budget.amount * threshold.percent) / 100, budget.currency) },
                { header: t('col.state'), cell: (threshold) => <Status tone={threshold.crossed ? 'doubt' : 'idle'} text={threshold.crossed ? t('budgets.crossed') : t('budgets.notCrossed')} /> },
                { header: t('col.time'), numeric: true, cell: (threshold) => (threshold.at == null ? '–' : <Ago time={threshold.at} />) },
              ]}
            />
          )}
        </section>
        <section>
          <h2>{t('budgets.scope')}</h2>
          <dl className="facts">
            <dt>{t('costs.filter')}</dt>
            <dd>{budget.filter == null || budget.filter === '' ? t('budgets.everything') : <code className="break">{budget.filter}</code>}</dd>
            <dt>{t('clusters.namespace')}</dt>
            <dd>{budget.namespace}</dd>
          </dl>
          <p>
            <Link to="/costs" search={search}>
              {t('budgets.rows')}
            </Link>
          </p>
        </section>
      </div>
    </>
  )
}
