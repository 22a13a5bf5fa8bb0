import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/http'
import { keyOf as clusterKey } from '../api/objectSet'
import { useClusterFeed } from '../api/clusterFeed'
import { Asked } from '../app/Asked'
import { ActionProblem, Empty } from '../app/Messages'
import { Ago } from '../app/Status'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { Choice, Toolbar } from '../table/Toolbar'
import { type TelemetryToken, tokensKey, tokensPath, tokensQuery } from './queries'

/** The tokens with which a cluster sends metrics, logs and traces. One is told when it is made, and never again. */
export function TelemetryTokens({ cluster, onChoose }: { readonly cluster: string | undefined; readonly onChoose: (cluster: string | undefined) => void }) {
  const { t } = useTexts()
  const feed = useClusterFeed()
  const names = feed.clusters.map(clusterKey).sort()
  const chosen = cluster ?? names[0]
  const [namespace, name] = (chosen ?? '').split('/')
  return (
    <>
      <p className="muted">{t('tokens.text')}</p>
      <Toolbar>
        <Choice label={t('col.cluster')} value={chosen} values={names} onChange={onChoose} />
      </Toolbar>
      {namespace === undefined || name === undefined ? <Empty title={t('clusters.empty')} /> : <TokensOf key={chosen} namespace={namespace} name={name} />}
    </>
  )
}

function TokensOf({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const query = useQuery(tokensQuery(namespace, name))
  const again = () => queries.invalidateQueries({ queryKey: tokensKey(namespace, name) })
  const make = useMutation({ mutationFn: () => call<TelemetryToken>(tokensPath(namespace, name), { method: 'POST' }), onSettled: again, gcTime: 0 })
  const revoke = useMutation({
    mutationFn: (token: TelemetryToken) => call<unknown>(`${tokensPath(namespace, name)}/${encodeURIComponent(token.id)}`, { method: 'DELETE' }),
    onSuccess: (_, token) => toast(t('tokens.revoked', { id: token.id })),
    onSettled: again,
  })
  return (
    <>
      {make.isError ? <ActionProblem error={make.error} /> : revoke.isError ? <ActionProblem error={revoke.error} /> : null}
      {make.data?.token === undefined ? null : (
        <div className="note" role="status">
          <p className="problem-title">{t('tokens.made', { id: make.data.id })}</p>
          <code className="break">{make.data.token}</code>
          <p>{t('tokens.once')}</p>
        </div>
      )}
      <Asked query={query}>
        {(tokens) => (
          <>
            <p>
              <button type="button" className="button" disabled={make.isPending} onClick={() => make.mutate()}>
                {t('tokens.make')}
              </button>
            </p>
            {tokens.length === 0 ? (
              <Empty title={t('tokens.none')} />
            ) : (
              <SmallTable
                label={t('settings.tokens')}
                rows={tokens}
                rowKey={(token) => token.id}
                columns={[
                  { header: t('tokens.id'), isName: true, cell: (token) => <code>{token.id}</code> },
                  { header: t('cluster.created'), cell: (token) => <Ago time={token.created} /> },
                  {
                    header: t('col.action'),
                    cell: (token) => (
                      <button type="button" className="button small danger" disabled={revoke.isPending} onClick={() => revoke.mutate(token)}>
                        {t('tokens.revoke')}
                      </button>
                    ),
                  },
                ]}
              />
            )}
          </>
        )}
      </Asked>
    </>
  )
}
