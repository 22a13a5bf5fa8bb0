import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/http'
import { useChange } from '../app/conflict'
import { ChangeProblem } from '../app/ConflictDialog'
import { Dialog } from '../app/Dialog'
import { ActionProblem, Loading } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { compared, linesOf, readable } from '../app/lines'
import { kindText } from './kinds'
import { type Applying, applyingQuery, decidedOf, plannedOf, readApplying, readRecommendation, type Recommendation, recommendationPath, recommendationsKey } from './queries'

type Action = 'dismiss' | 'snooze' | 'reopen' | 'apply'

/** One piece of advice: what to change, what it brings, and why that is believed. */
export function Card({ advice, currency }: { readonly advice: Recommendation; readonly currency: string | undefined }) {
  const texts = useTexts()
  const { t, money, dateTime, language } = texts
  const [asked, setAsked] = useState<Action | null>(null)
  const cash = advice.savings?.monthlyCash ?? 0
  const freed = advice.savings?.monthlyFreed ?? 0
  const changes = compared(advice.current, advice.recommended)
  const evidence = linesOf(advice.evidence)
  const [place, name] = advice.cluster.split('/')
  const object = advice.object === undefined ? undefined : `${advice.object.kind} ${[advice.namespace, advice.object.name].filter((part) => part != null && part !== '').join('/')}${advice.object.container == null ? '' : ` · ${advice.object.container}`}`
  return (
    <li className="card advice">
      <div className="advice-head">
        <div className="advice-what">
          <h2 className="break">{advice.summary}</h2>
          <p className="muted break">
            {kindText(texts, advice.kind)} ·{' '}
            {place === undefined || name === undefined ? (
              advice.cluster
            ) : (
              <Link to="/clusters/$namespace/$name" params={{ namespace: place, name }}>
                {advice.cluster}
              </Link>
            )}
            {object === undefined ? '' : ` · ${object}`}
          </p>
        </div>
        <p className="advice-money">
          {cash > 0 ? <b>{t('recommendations.perMonth', { amount: money(cash, currency) })}</b> : null}
          {freed > 0 ? <span className="muted">{t('recommendations.freedPerMonth', { amount: money(freed, currency) })}</span> : null}
        </p>
      </div>
      {changes.length === 0 ? null : (
        <dl className="advice-changes">
          {changes.map((each) => (
            <div key={each.path}>
              <dt>{each.path}</dt>
              <dd>
                {each.is === undefined ? null : readable(each.is, language)}
                {each.is === undefined || each.should === undefined ? null : ' → '}
                {each.should === undefined ? null : <b>{readable(each.should, language)}</b>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="advice-foot">
        {evidence.length === 0 ? (
          <span />
        ) : (
          <details>
            <summary>{t('recommendations.evidence')}</summary>
            <SmallTable
              label={t('recommendations.evidence')}
              rows={evidence}
              rowKey={([path]) => path}
              columns={[
                { header: t('col.name'), isName: true, cell: ([path]) => path },
                { header: t('col.value'), cell: ([, value]) => <span className="break">{readable(value, language)}</span> },
              ]}
            />
          </details>
        )}
        <div className="buttons">
          {advice.state === 'open' ? (
            <>
              <button type="button" className={isByHand(advice) ? 'button small' : 'button small primary'} onClick={() => setAsked('apply')}>
                {t(isByHand(advice) ? 'recommendations.byHandButton' : 'recommendations.apply')}
              </button>
              <button type="button" className="button small" onClick={() => setAsked('snooze')}>
                {t('recommendations.snooze')}
              </button>
              <button type="button" className="button small" onClick={() => setAsked('dismiss')}>
                {t('recommendations.dismiss')}
              </button>
            </>
          ) : (
            <>
              {advice.reason == null || advice.reason === '' ? null : <span className="muted break">{[advice.reason, advice.by == null ? undefined : t('recommendations.by', { name: advice.by })].filter((part) => part !== undefined).join(' · ')}</span>}
              {advice.until == null ? null : <span className="muted">{t('recommendations.until', { when: dateTime(advice.until) })}</span>}
              <button type="button" className="button small" onClick={() => setAsked('reopen')}>
                {t('recommendations.reopen')}
              </button>
            </>
          )}
        </div>
      </div>
      {asked === null ? null : <ActionDialog advice={advice} action={asked} onClose={() => setAsked(null)} />}
    </li>
  )
}

/** Only a right size has a place in the values of a service, unless the API says otherwise. */
export const isByHand = ({ apply, kind }: Recommendation): boolean => (apply === undefined ? kind !== 'rightsizing' : apply === 'manual')

const days = [7, 30, 90] as const
const nothing: Applying = { applied: false, applyable: false }

function ActionDialog({ advice, action, onClose }: { readonly advice: Recommendation; readonly action: Action; readonly onClose: () => void }) {
  const { t, language } = useTexts()
  const queries = useQueryClient()
  const [life, setLife] = useState<number>(30)
  const [reason, setReason] = useState('')
  const changes = compared(advice.current, advice.recommended).filter((each) => each.is !== each.should)
  const plan = useQuery({ ...applyingQuery(advice.id), enabled: action === 'apply' })
  // What is decided is the advice; what is applied is an object of somebody, as the preview showed it.
  const [seen] = useState(advice)
  const run = useChange<Recommendation | Applying, unknown>({
    seen: action === 'apply' ? (plan.data ?? nothing) : seen,
    decided: (of) => ('id' in of ? decidedOf(of) : plannedOf(of)),
    read: () => (action === 'apply' ? readApplying(queries, advice.id) : readRecommendation(advice)),
    write: (version) => {
      const said = reason.trim() === '' ? {} : { reason: reason.trim() }
      const body = action === 'snooze' ? { until: new Date(Date.now() + life * 86_400_000).toISOString(), ...said } : said
      return call<unknown>(recommendationPath(advice.id, action), { method: 'POST', body, version })
    },
    onSuccess: () => {
      toast(t(`recommendations.done.${action}`))
      void queries.invalidateQueries({ queryKey: recommendationsKey })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run.mutate()
  }
  return (
    <Dialog title={t(action === 'apply' && isByHand(advice) ? 'recommendations.ask.manual' : `recommendations.ask.${action}`)} onClose={onClose}>
      <form onSubmit={submit}>
        <p className="break">{advice.summary}</p>
        {action !== 'apply' ? null : plan.data === undefined ? (
          plan.isError ? (
            <ActionProblem error={plan.error} />
          ) : (
            <Loading />
          )
        ) : plan.data.applyable ? (
          <>
            <p>{t(advice.apply === 'cluster' ? 'recommendations.apply.cluster' : 'recommendations.apply.text')}</p>
            <p className="break">{t('recommendations.changes', { path: plan.data.path ?? '–', object: plan.data.object ?? '–' })}</p>
            <ul className="planned">
              {changes.map((each) => (
                <li key={each.path}>
                  <code>{each.path}</code> {readable(each.is ?? '–', language)} → <b>{readable(each.should ?? '–', language)}</b>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <div className="note">
            <p className="problem-title">{t('recommendations.byHand')}</p>
            {plan.data.reason === undefined ? null : <p>{plan.data.reason}</p>}
            {plan.data.patch === undefined ? null : (
              <pre className="patch" tabIndex={0}>
                <code>{plan.data.patch}</code>
              </pre>
            )}
          </div>
        )}
        {action === 'snooze' ? (
          <label className="labelled">
            <span>{t('recommendations.for')}</span>
            <select className="field" value={life} onChange={(event) => setLife(Number(event.target.value))}>
              {days.map((each) => (
                <option key={each} value={each}>
                  {t('recommendations.days', { count: each })}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {action === 'dismiss' || action === 'snooze' ? (
          <label className="labelled">
            <span>{t('recommendations.reason')}</span>
            <input className="field" value={reason} maxLength={300} required={action === 'dismiss'} onChange={(event) => setReason(event.target.value)} />
          </label>
        ) : null}
        {run.isError ? <ChangeProblem error={run.error} /> : null}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t(action === 'apply' && plan.data?.applyable !== true ? 'recommendations.close' : 'app.cancel')}
          </button>
          {action === 'apply' && plan.data?.applyable !== true ? null : (
            <button type="submit" className="button primary" disabled={run.isPending}>
              {t(`recommendations.button.${action}`)}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  )
}
