import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { download } from '../api/http'
import { Asked } from '../app/Asked'
import { Change } from '../app/Change'
import { ActionProblem, Empty } from '../app/Messages'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { Toolbar } from '../table/Toolbar'
import type { PartProps } from './CostsPage'
import { nameText } from './names'
import type { Showback } from './types'
import { categoriesQuery, showbackPath, showbackQuery } from './queries'
import { textOfDay } from './windows'

const months = 13

/** The running month and the year before it, `2026-11`. */
export function periods(now: number): readonly string[] {
  const date = new Date(now)
  return Array.from({ length: months }, (_, back) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)).toISOString().slice(0, 7))
}

const kinds = ['team', 'department', 'product'] as const
type Kind = (typeof kinds)[number]

/** The month of an owner: whole months are windows of their own. */
function rowsOf(period: string, by: Kind, owner: string): { window: string; from: string; to: string; filter: string } {
  const start = Date.parse(`${period}-01T00:00:00Z`)
  const next = new Date(start)
  next.setUTCMonth(next.getUTCMonth() + 1)
  return { window: 'custom', from: textOfDay(start), to: textOfDay(Math.min(next.getTime() - 1, Date.now())), filter: `${by}:"${owner}"` }
}

const categoryPrefix = 'category:'

/** Those that there are, and the one of the address, whatever became of it. */
const named = (names: readonly string[], chosen: string | undefined): readonly string[] => [...new Set([...names.map((name) => categoryPrefix + name), ...(chosen === undefined ? [] : [chosen])])]

/** Why there is no change to the month before. */
function NotCompared({ report }: { readonly report: Showback }) {
  const { t, date } = useTexts()
  const prior = report.prior
  if (prior?.reason == null || report.items.length === 0) return null
  const days = { start: date(prior.first), from: prior.knownFrom == null ? '' : date(prior.knownFrom), hours: String(prior.missingHours) }
  const why = prior.knownFrom == null ? 'teams.prior.none' : prior.missingHours > 0 ? 'teams.prior.gaps' : 'teams.prior.partly'
  return <p className="muted">{t(why, days)}</p>
}

export function TeamsPart({ search, go }: PartProps) {
  const texts = useTexts()
  const { t, money, percent, language } = texts
  const known = periods(Date.now())
  const period = known.find((each) => each === search.period) ?? known[0]!
  const categories = useQuery(categoriesQuery)
  const kind = kinds.find((each) => each === search.by)
  const category = search.by?.startsWith(categoryPrefix) === true ? search.by : undefined
  const by = category ?? kind ?? 'team'
  const query = useQuery(showbackQuery(period, by))
  const file = useMutation({ mutationFn: (format: 'html' | 'csv') => download(showbackPath(period, by, format), `showback-${period}-${by.replaceAll(/[^\w-]/g, '-')}.${format}`) })
  const monthName = (text: string) => new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${text}-01T00:00:00Z`))
  return (
    <>
      <Toolbar>
        <label className="choice chosen">
          <span>{t('teams.period')}</span>
          <select value={period} onChange={(event) => go({ period: event.target.value })}>
            {known.map((each) => (
              <option key={each} value={each}>
                {monthName(each)}
              </option>
            ))}
          </select>
        </label>
        <label className="choice chosen">
          <span>{t('costs.by')}</span>
          <select value={by} onChange={(event) => go({ by: event.target.value })}>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {t(`teams.${each}`)}
              </option>
            ))}
            {named(categories.data ?? [], category).map((each) => (
              <option key={each} value={each}>
                {each.slice(categoryPrefix.length)}
              </option>
            ))}
          </select>
        </label>
      </Toolbar>
      {file.isError ? <ActionProblem error={file.error} /> : null}
      <Asked query={query}>
        {(report) => (
          <section className="rows">
            <div className="rows-head">
              <h2>{t('teams.title', { period: monthName(period) })}</h2>
              <span className="buttons">
                <button type="button" className="button" disabled={file.isPending} onClick={() => file.mutate('html')}>
                  HTML
                </button>
                <button type="button" className="button" disabled={file.isPending} onClick={() => file.mutate('csv')}>
                  CSV
                </button>
              </span>
            </div>
            <NotCompared report={report} />
            {report.items.length === 0 ? (
              <Empty title={t('teams.none')}>{t('teams.none.text')}</Empty>
            ) : (
              <SmallTable
                label={t('costs.teams')}
                rows={report.items}
                rowKey={(item) => item.owner}
                columns={[
                  {
                    header: category === undefined ? t(`teams.${kind ?? 'team'}`) : category.slice(categoryPrefix.length),
                    isName: true,
                    cell: (item) =>
                      category !== undefined || item.owner.includes('"') ? (
                        <span className="break">{nameText(texts, item.owner)}</span>
                      ) : (
                        <Link to="/costs" search={rowsOf(period, kind ?? 'team', item.owner)} className="name-link break">
                          {nameText(texts, item.owner)}
                        </Link>
                      ),
                    foot: t('costs.total'),
                  },
                  { header: t('teams.direct'), numeric: true, cell: (item) => money(item.direct, report.currency) },
                  { header: t('costs.shared'), numeric: true, cell: (item) => money(item.shared, report.currency) },
                  { header: t('costs.idle'), numeric: true, cell: (item) => money(item.idle, report.currency) },
                  { header: t('costs.total'), numeric: true, cell: (item) => <b>{money(item.total, report.currency)}</b>, foot: money(report.total, report.currency) },
                  { header: t('costs.share.column'), numeric: true, cell: (item) => (report.total > 0 ? percent(item.total / report.total) : '–') },
                  { header: t('costs.change'), numeric: true, cell: (item) => <Change now={item.total} before={item.before ?? undefined} /> },
                ]}
              />
            )}
            {report.unallocated === undefined || report.unallocated === null ? null : <p className="muted">{t('teams.unallocated', { amount: money(report.unallocated, report.currency) })}</p>}
          </section>
        )}
      </Asked>
    </>
  )
}
