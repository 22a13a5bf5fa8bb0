import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, segments } from '../api/http'
import { Asked } from '../app/Asked'
import { ActionProblem, Empty } from '../app/Messages'
import { Ago, Status, type Tone } from '../app/Status'
import { toast } from '../app/toasts'
import { type Texts, useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { deliveriesKey, deliveriesQuery, type Receiver, receiversKey, receiversQuery } from './queries'

const tones: Readonly<Record<string, Tone>> = { ok: 'good', failing: 'doubt', dead: 'bad', unused: 'idle' }
const outcomes: Readonly<Record<string, Tone>> = { delivered: 'good', failed: 'doubt', dead: 'bad', test: 'good' }
const keyOf = ({ namespace, name }: Receiver): string => `${namespace}/${name}`

function stateText({ t }: Texts, state: string | undefined): string {
  return state === 'ok' || state === 'failing' || state === 'dead' || state === 'unused' ? t(`receivers.${state}`) : (state ?? '–')
}

function outcomeText({ t }: Texts, outcome: string): string {
  return outcome === 'delivered' || outcome === 'failed' || outcome === 'dead' || outcome === 'test' ? t(`deliveries.${outcome}`) : outcome
}

/** Who is told of alerts, whether they take it, and what was told. */
export function Receivers({ receiver, onChoose }: { readonly receiver: string | undefined; readonly onChoose: (receiver: string | undefined) => void }) {
  const texts = useTexts()
  const { t } = texts
  const queries = useQueryClient()
  const query = useQuery(receiversQuery)
  const test = useMutation({
    mutationFn: ({ namespace, name }: Receiver) => call<unknown>('/receivers' + segments(namespace, name) + '/test', { method: 'POST' }),
    onSuccess: (_, tested) => toast(t('receivers.tested', { name: tested.name })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: receiversKey }), queries.invalidateQueries({ queryKey: deliveriesKey })]),
  })
  return (
    <>
      {test.isError ? <ActionProblem error={test.error} /> : null}
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('receivers.none')}>{t('receivers.none.text')}</Empty>
          ) : (
            <>
              <SmallTable
                label={t('alerts.receivers')}
                rows={items}
                rowKey={keyOf}
                columns={[
                  { header: t('col.name'), isName: true, cell: (each) => <span className="break">{keyOf(each)}</span> },
                  { header: t('col.type'), cell: (each) => each.type },
                  { header: t('col.state'), cell: (each) => <Status tone={tones[each.state ?? ''] ?? 'idle'} text={stateText(texts, each.state)} /> },
                  { header: t('receivers.last'), cell: (each) => (each.lastDelivery == null ? '–' : <Ago time={each.lastDelivery} />) },
                  { header: t('receivers.failed'), numeric: true, cell: (each) => each.failed ?? 0 },
                  { header: t('receivers.deadCount'), numeric: true, cell: (each) => each.dead ?? 0 },
                  { header: t('col.message'), cell: (each) => <span className="break">{each.message}</span> },
                  {
                    header: t('col.action'),
                    cell: (each) => (
                      <span className="row-actions">
                        <button type="button" className="button small" disabled={test.isPending} onClick={() => test.mutate(each)}>
                          {t('receivers.test')}
                        </button>
                        <button type="button" className="button small quiet" aria-pressed={receiver === keyOf(each)} onClick={() => onChoose(receiver === keyOf(each) ? undefined : keyOf(each))}>
                          {t('receivers.log')}
                        </button>
                      </span>
                    ),
                  },
                ]}
              />
              <Deliveries receiver={receiver} />
            </>
          )
        }
      </Asked>
    </>
  )
}

function Deliveries({ receiver }: { readonly receiver: string | undefined }) {
  const texts = useTexts()
  const { t } = texts
  const query = useQuery(deliveriesQuery(receiver))
  return (
    <section className="rows">
      <h2>{receiver === undefined ? t('deliveries.title') : t('deliveries.of', { receiver })}</h2>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('deliveries.none')}</p>
          ) : (
            <SmallTable
              label={t('deliveries.title')}
              rows={items}
              rowKey={(each) => String(each.id)}
              columns={[
                { header: t('col.time'), cell: (each) => <Ago time={each.at} /> },
                { header: t('deliveries.receiver'), cell: (each) => `${each.namespace}/${each.receiver}` },
                { header: t('deliveries.what'), isName: true, cell: (each) => <span className="break">{each.title}</span> },
                { header: t('deliveries.outcome'), cell: (each) => <Status tone={outcomes[each.outcome] ?? 'idle'} text={outcomeText(texts, each.outcome)} /> },
                { header: t('deliveries.attempt'), numeric: true, cell: (each) => each.attempt },
                { header: t('col.message'), cell: (each) => <span className="break">{[each.code, each.message].filter((part) => part != null).join(' ')}</span> },
              ]}
            />
          )
        }
      </Asked>
    </section>
  )
}
