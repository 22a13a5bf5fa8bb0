import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Bar } from '../app/Bar'
import { Change } from '../app/Change'
import { Figure, Figures } from '../app/Figure'
import { Chart } from '../charts/Chart'
import type { ChartModel } from '../charts/model'
import type { CostSummary } from '../costs/types'
import { day } from '../costs/windows'
import { useTexts } from '../i18n/language'
import { budgetTone, fractionOf } from './figures'

/** What the fleet costs this month, and what could be otherwise. */
export function Money({ summary }: { readonly summary: CostSummary }) {
  const texts = useTexts()
  const { t, money, percent, date } = texts
  const { currency, forecast, budget, savings } = summary
  const idle = fractionOf(summary.idlePercent)
  const efficiency = fractionOf(summary.efficiency)
  const model = useMemo<ChartModel>(
    () => ({
      kind: 'bars',
      labels: (summary.days ?? []).map((each) => texts.day(each.date)),
      series: [
        { name: t('overview.used'), values: (summary.days ?? []).map((each) => Math.max(0, each.amount - each.idle)) },
        { name: t('costs.idle'), values: (summary.days ?? []).map((each) => each.idle), colour: 'series-idle' },
      ],
      format: (value) => money(value, currency),
      shortFormat: (value) => texts.shortMoney(value, currency),
    }),
    [summary.days, currency, texts],
  )
  return (
    <>
      <Figures>
        <Figure label={t('overview.month')} value={<Link to="/costs" search={{ window: 'month', compare: 'true' }}>{currency === '' ? '–' : money(summary.monthToDate, currency)}</Link>}>
          {summary.lastMonthToSameDay == null ? (
            t('overview.firstMonth')
          ) : (
            <>
              <Change now={summary.monthToDate} before={summary.lastMonthToSameDay} /> {t('overview.sameDay', { amount: money(summary.lastMonthToSameDay, currency) })}
            </>
          )}
        </Figure>
        <Figure label={t('overview.forecast')} value={<Link to="/budgets">{forecast?.amount == null ? '–' : money(forecast.amount, currency)}</Link>}>
          {forecast?.amount == null || forecast.enoughHistory === false ? t('overview.littleHistory') : t('overview.band', { low: money(forecast.low, currency), high: money(forecast.high, currency) })}
        </Figure>
        <Figure label={t('overview.budget')} value={<Link to="/budgets">{budget == null || budget.amount <= 0 ? '–' : percent(budget.spent / budget.amount)}</Link>}>
          {budget == null || budget.amount <= 0 ? (
            t('overview.noBudget')
          ) : (
            <>
              <Bar part={budget.spent / budget.amount} more={(forecast?.amount ?? 0) / budget.amount} tone={budgetTone(budget, forecast?.amount)} />
              {t('overview.ofBudget', { spent: money(budget.spent, currency), amount: money(budget.amount, currency) })}
            </>
          )}
        </Figure>
        <Figure label={t('costs.idle')} value={<Link to="/costs" search={{ window: 'month', aggregate: 'cluster' }}>{idle === null ? '–' : percent(idle)}</Link>}>
          {t('overview.idle.text')}
        </Figure>
        <Figure label={t('costs.efficiency')} value={<Link to="/costs" search={{ window: 'month', sort: 'efficiency' }}>{efficiency === null ? '–' : percent(efficiency)}</Link>}>
          {t('overview.efficiency.text')}
        </Figure>
        <Figure label={t('overview.savings')} value={<Link to="/recommendations">{savings == null ? '–' : money(savings.cash, currency)}</Link>}>
          {savings == null ? t('overview.noSavings') : t('overview.freed', { amount: money(savings.freed, currency) })}
        </Figure>
      </Figures>
      {(summary.days ?? []).length === 0 ? null : <Chart title={t('overview.days')} model={model} of={t('costs.day')} height={220} />}
      <p className="muted small">
        {t('overview.window', { start: date(summary.window.start), end: date(Date.parse(summary.window.end) - day / 2) })} · <Link to="/costs" search={{ tab: 'data' }}>{summary.balanced === false ? <b className="lacking">{t('overview.unbalanced')}</b> : t('overview.balanced')}</Link>
        {isMissingPrices(summary.missingPrices) ? (
          <>
            {' · '}
            <Link to="/costs" search={{ window: 'month' }} className="lacking">
              {t('overview.missingPrices')}
            </Link>
          </>
        ) : null}
      </p>
    </>
  )
}

const isMissingPrices = (missing: CostSummary['missingPrices']): boolean => (typeof missing === 'number' ? missing > 0 : typeof missing === 'boolean' ? missing : (missing ?? []).length > 0)
