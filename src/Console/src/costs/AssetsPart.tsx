import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { readSort, writeSort } from '../clusters/search'
import { type Texts, useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { compare, named, toggled } from '../table/text'
import { Chips, Toolbar } from '../table/Toolbar'
import type { PartProps } from './CostsPage'
import { assetsQuery } from './queries'
import type { Asset } from './types'
import { spanOfSearch, WindowChoice } from './WindowChoice'
import { windowText } from './windows'

const tones: Readonly<Record<string, string>> = { Node: 'good', Disk: 'busy', LoadBalancer: 'doubt', Network: 'held', ClusterManagement: 'idle' }
const usual = { id: 'total', desc: true }
const most = 500

export function AssetsPart({ search, go }: PartProps) {
  const texts = useTexts()
  const { t, money, percent } = texts
  const span = spanOfSearch(search)
  const query = useQuery(assetsQuery(windowText(span), search.currency))
  const all = useMemo(() => Object.entries(query.data?.data ?? {}).map(([key, asset]) => ({ key, asset })), [query.data])
  const wanted = named(search.type)
  const sort = readSort(search.sort, usual)
  const rows = useMemo(() => {
    const value = ({ key, asset }: { key: string; asset: Asset }) => (sort.id === 'total' ? asset.totalCost : sort.id === 'type' ? asset.type : sort.id === 'cluster' ? asset.properties.cluster : (asset.properties.name ?? key))
    return all.filter(({ asset }) => wanted === null || wanted.has(asset.type)).sort((a, b) => (sort.desc ? compare(value(b), value(a)) : compare(value(a), value(b))))
  }, [all, search.type, sort.id, sort.desc])
  const types = [...new Set(all.map(({ asset }) => asset.type))]
  const currency = query.data?.currency
  const total = rows.reduce((sum, { asset }) => sum + asset.totalCost, 0)
  return (
    <>
      <Toolbar>
        <WindowChoice search={search} go={go} span={span} />
      </Toolbar>
      <Chips
        label={t('costs.assets.byType')}
        chosen={wanted}
        onToggle={(type) => go({ type: toggled(search.type, type) })}
        chips={types.map((type) => ({ id: type, label: typeText(texts, type), count: all.filter(({ asset }) => asset.type === type).length, tone: tones[type] ?? 'idle' }))}
      />
      <Asked query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty title={t('costs.none')}>{t('costs.none.text')}</Empty>
          ) : (
            <SmallTable
              label={t('costs.assets')}
              rows={rows.slice(0, most)}
              rowKey={({ key }) => key}
              sort={sort}
              onSort={(order) => go({ sort: writeSort(order) })}
              columns={[
                { header: t('col.name'), isName: true, sortId: 'name', cell: ({ asset }) => <span className="break">{asset.properties.name ?? typeText(texts, asset.type)}</span>, foot: t('costs.total') },
                { header: t('col.type'), sortId: 'type', cell: ({ asset }) => typeText(texts, asset.type) },
                { header: t('col.cluster'), sortId: 'cluster', cell: ({ asset }) => asset.properties.cluster },
                { header: t('costs.assets.what'), cell: ({ asset }) => (detail(texts, asset) === '' ? null : <span className="muted">{detail(texts, asset)}</span>) },
                { header: t('costs.assets.adjustment'), numeric: true, cell: ({ asset }) => (asset.adjustment === 0 ? null : money(asset.adjustment, currency)) },
                { header: t('costs.total'), numeric: true, sortId: 'total', cell: ({ asset }) => <b>{money(asset.totalCost, currency)}</b>, foot: money(total, currency) },
                { header: t('costs.share.column'), numeric: true, cell: ({ asset }) => (total > 0 ? percent(asset.totalCost / total) : '–') },
              ]}
            />
          )
        }
      </Asked>
    </>
  )
}

function typeText({ t }: Texts, type: string): string {
  return type === 'Node' || type === 'Disk' || type === 'LoadBalancer' || type === 'Network' || type === 'ClusterManagement' ? t(`costs.asset.${type}`) : type
}

function detail({ t, quantity, bytes, percent }: Texts, asset: Asset): string {
  const parts =
    asset.type === 'Node'
      ? [asset.nodeType, asset.pool, t('costs.assets.size', { cores: quantity(asset.cpuCores ?? 0), memory: bytes(asset.ramBytes ?? 0) }), asset.preemptible === 1 ? t('costs.assets.spot') : '', (asset.discount ?? 0) > 0 ? `−${percent(asset.discount ?? 0)}` : '']
      : asset.type === 'Disk'
        ? [asset.storageClass, bytes(asset.bytes ?? 0), asset.claimName === undefined || asset.claimName === '' ? '' : `${asset.claimNamespace}/${asset.claimName}`]
        : [asset.ip]
  return parts.filter((part) => part !== undefined && part !== '').join(' · ')
}
