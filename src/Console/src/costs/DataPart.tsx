import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { SmallTable } from '../table/SmallTable'
import { freshnessQuery } from './queries'

/** Costs are worked out every five minutes; three times that is late. */
const late = 15 * 60_000

export const isLate = (seenUntil: string | null | undefined, now: number): boolean => seenUntil == null || now - Date.parse(seenUntil) > late

export function DataPart() {
  const { t } = useTexts()
  const now = useNow()
  const query = useQuery(freshnessQuery)
  return (
    <>
      <p className="muted">{t('costs.data.text')}</p>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('costs.none')}>{t('costs.none.text')}</Empty>
          ) : (
            <SmallTable
              label={t('costs.data')}
              rows={items}
              rowKey={(item) => item.cluster}
              columns={[
                {
                  header: t('col.cluster'),
                  isName: true,
                  cell: (item) => (
                    <span className="cost-name">
                      <Link to="/costs" search={{ filter: `cluster:"${item.cluster}"` }} className="name-link">
                        {item.cluster}
                      </Link>
                      {item.simulated === true ? <span className="label">{t('costs.data.simulated')}</span> : null}
                    </span>
                  ),
                },
                { header: t('costs.data.state'), cell: (item) => <Status tone={isLate(item.seenUntil, now) ? 'doubt' : 'good'} text={isLate(item.seenUntil, now) ? t('costs.data.late') : t('costs.data.fresh')} /> },
                { header: t('costs.data.until'), cell: (item) => (item.seenUntil == null ? '–' : <Ago time={item.seenUntil} />) },
                { header: t('costs.data.sums'), cell: (item) => (item.balanced == null ? '–' : <Status tone={item.balanced ? 'good' : 'bad'} text={item.balanced ? t('overview.balanced') : t('overview.unbalanced')} />) },
                { header: t('costs.data.problems'), cell: (item) => ((item.problems ?? []).length === 0 ? null : <span className="break">{(item.problems ?? []).join('; ')}</span>) },
              ]}
            />
          )
        }
      </Asked>
    </>
  )
}
