import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../app/Asked'
import { Bar } from '../app/Bar'
import { Empty } from '../app/Messages'
import { Status } from '../app/Status'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { type Budget, budgetsQuery } from './queries'
import { rowsOfBudget } from './rows'
import { stateOf, stateTones } from './state'
import './budgets.css'

const worst = { over: 0, willBeOver: 1, crossed: 2, unknown: 3, within: 4 } as const

export function BudgetsPage() {
  const { t, money, percent, date } = useTexts()
  usePageTitle(t('budgets.title'))
  const query = useQuery(budgetsQuery)
  const sorted = (items: readonly Budget[]) => [...items].sort((a, b) => worst[stateOf(a)] - worst[stateOf(b)] || (b.spent ?? 0) / b.amount - (a.spent ?? 0) / a.amount)
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('budgets.title')}</h1>
        {query.data === undefined ? null : <span className="page-count">{t('budgets.count', { count: query.data.length })}</span>}
      </header>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('budgets.none')}>{t('budgets.none.text')}</Empty>
          ) : (
            <SmallTable
              label={t('budgets.title')}
              rows={sorted(items)}
              rowKey={(budget) => `${budget.namespace}/${budget.name}`}
              columns={[
                {
                  header: t('budgets.budget'),
                  isName: true,
                  cell: (budget) => (
                    <Link to="/budgets/$namespace/$name" params={{ namespace: budget.namespace, name: budget.name }} className="name-link break">
                      {budget.namespace}/{budget.name}
                    </Link>
                  ),
                },
                { header: t('col.state'), cell: (budget) => <Status tone={stateTones[stateOf(budget)]} text={t(`budgets.state.${stateOf(budget)}`)} /> },
                {
                  header: t('budgets.used'),
                  cell: (budget) => (
                    <span className="budget-used">
                      <Bar part={(budget.spent ?? 0) / budget.amount} more={(budget.forecast?.amount ?? 0) / budget.amount} tone={stateTones[stateOf(budget)]} />
                      <span>{budget.spent == null ? '–' : percent(budget.spent / budget.amount)}</span>
                    </span>
                  ),
                },
                { header: t('budgets.spent'), numeric: true, cell: (budget) => (budget.spent == null ? '–' : <Link to="/costs" search={rowsOfBudget(budget, Date.now())}>{money(budget.spent, budget.currency)}</Link>) },
                { header: t('budgets.forecast'), numeric: true, cell: (budget) => (budget.forecast == null ? '–' : money(budget.forecast.amount, budget.currency)) },
                { header: t('budgets.amount'), numeric: true, cell: (budget) => money(budget.amount, budget.currency) },
                { header: t('budgets.until'), numeric: true, cell: (budget) => date(budget.period.end) },
              ]}
            />
          )
        }
      </Asked>
    </main>
  )
}
