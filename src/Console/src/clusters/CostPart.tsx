import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Cluster } from '../api/types'
import { Asked } from '../app/Asked'
import { Figure, Figures } from '../app/Figure'
import { Empty } from '../app/Messages'
import { Chart } from '../charts/Chart'
import { type ChartModel, largest } from '../charts/model'
import { AllocationTable } from '../costs/AllocationTable'
import { Before } from '../costs/Before'
import { nameText } from '../costs/names'
import { allocationQuery } from '../costs/queries'
import { rowsOf, seriesOf, setsOfSteps, specialOf, sum } from '../costs/rows'
import { before, spanOf, stepsOf, windowText } from '../costs/windows'
import { useTexts } from '../i18n/language'
import '../costs/costs.css'

const largestFirst = { id: 'total', desc: true }

/** What the cluster cost in the last seven days, by namespace. */
export function CostPart({ cluster }: { readonly cluster: Cluster }) {
  const texts = useTexts()
  const { t, money, percent } = texts
  const span = spanOf('7d', Date.now())
  const filter = `cluster:"${cluster.namespace}/${cluster.name}"`
  const question = { aggregate: 'namespace', filter, includeIdle: true }
  const now = useQuery(allocationQuery({ ...question, window: windowText(span) }))
  const old = useQuery(allocationQuery({ ...question, window: windowText(before('7d', span)) }))
  const chart = useQuery(allocationQuery({ ...question, window: windowText(span), step: '1d' }))
  const rows = useMemo(() => (now.data === undefined ? [] : rowsOf(now.data, old.data)), [now.data, old.data])
  const currency = now.data?.currency
  const model = useMemo<ChartModel | null>(() => {
    if (chart.data === undefined) return null
    const sets = setsOfSteps(chart.data, span)
    const all = seriesOf(sets)
    const idle = all.filter((each) => specialOf(each.name) === 'idle').map((each) => each.name)
    const steps = stepsOf(span)
    return {
      kind: 'bars',
      labels: sets.map((_, index) => texts.day(steps[index] ?? 0)),
      series: largest(all, 7, t('chart.others'), idle).map((each) => ({ name: nameText(texts, each.name), values: each.values, ...(idle.includes(each.name) ? { colour: 'series-idle' } : {}) })),
      format: (value) => money(value, currency),
      shortFormat: (value) => texts.shortMoney(value, currency),
    }
  }, [chart.data, texts, currency, span.start])
  const total = sum(rows, (row) => row.total)
  const idle = sum(rows.filter((row) => specialOf(row.name) === 'idle'), (row) => row.total)
  return (
    <Asked query={now}>
      {() =>
        rows.length === 0 ? (
          <Empty title={t('costs.none')}>{t('costs.none.text')}</Empty>
        ) : (
          <>
            <Figures>
              <Figure label={t('cluster.costs.week')} value={<Link to="/costs" search={{ filter, compare: 'true' }}>{money(total, currency)}</Link>}>
                {old.data === undefined ? null : (
                  <Before now={total} before={sum(rows, (row) => row.before ?? 0)} currency={currency} />
                )}
              </Figure>
              <Figure label={t('costs.idle')} value={<Link to="/costs" search={{ filter }}>{money(idle, currency)}</Link>}>
                {total > 0 ? t('costs.ofTotal', { share: percent(idle / total) }) : null}
              </Figure>
            </Figures>
            {model === null ? null : <Chart title={t('costs.byDay')} model={model} of={t('costs.day')} height={220} />}
            <AllocationTable rows={rows} aggregate="namespace" currency={currency} compared={false} sort={largestFirst} onSort={() => undefined} onDrill={() => null} />
          </>
        )
      }
    </Asked>
  )
}
