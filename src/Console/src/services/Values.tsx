import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ServiceValues, ValueOrigin } from '../api/types'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { searcher } from '../table/text'
import { SearchField } from '../table/Toolbar'
import { type ServiceName, valuesQuery } from './queries'

type Value = ServiceValues['values'][number]

/** As the command line says it: `ConfigMap settings (values.yaml)`. */
export const originText = (origin: ValueOrigin): string => [origin.kind, origin.name, origin.key === undefined ? undefined : `(${origin.key})`].filter((part) => part !== undefined).join(' ')

const fits = searcher<Value>((value) => [value.path, originText(value.from)])

export function Values({ of }: { readonly of: ServiceName }) {
  const { t } = useTexts()
  const [search, setSearch] = useState('')
  const query = useQuery(valuesQuery(of))
  const rows = useMemo(() => (query.data?.values ?? []).filter((value) => fits(value, search)), [query.data, search])
  if (query.data === undefined) return query.isError ? <ProblemPanel error={query.error} onRetry={() => void query.refetch()} /> : <Loading />
  return (
    <>
      <p className="layers">
        {t('service.layers')}: {query.data.layers.map(originText).join(' → ')} <span className="muted">({query.data.chart})</span>
      </p>
      <SearchField value={search} placeholder={t('service.values.search')} onChange={setSearch} />
      {rows.length === 0 ? (
        <Empty title={t('table.nothing')} />
      ) : (
        <SmallTable
          label={t('service.values')}
          rows={rows}
          rowKey={(value) => value.path}
          columns={[
            { header: t('col.path'), isName: true, cell: (value) => <code className="break">{value.path}</code> },
            { header: t('col.value'), cell: (value) => (value.secret === true ? <span className="muted">{t('service.secret')}</span> : <code className="break">{JSON.stringify(value.value ?? null)}</code>) },
            { header: t('col.from'), cell: (value) => <span className={value.from.kind === 'Chart' ? 'muted' : ''}>{originText(value.from)}</span> },
            { header: t('col.over'), cell: (value) => <span className="muted">{(value.over ?? []).map(originText).join(', ')}</span> },
          ]}
        />
      )}
    </>
  )
}
