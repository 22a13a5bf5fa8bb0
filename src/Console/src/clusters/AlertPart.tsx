import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { AlertTable } from '../alerts/AlertTable'
import { alertsQuery } from '../alerts/queries'
import type { Cluster } from '../api/types'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { useTexts } from '../i18n/language'
import '../alerts/alerts.css'

export function AlertPart({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTexts()
  const firing = useQuery(alertsQuery('firing'))
  const pending = useQuery(alertsQuery('pending'))
  const own = `${cluster.namespace}/${cluster.name}`
  const alerts = useMemo(() => [...(firing.data ?? []), ...(pending.data ?? [])].filter((alert) => alert.cluster === own), [firing.data, pending.data, own])
  return <Asked query={firing}>{() => (alerts.length === 0 ? <Empty title={t('cluster.noAlerts')} /> : <AlertTable alerts={alerts} label={t('alerts.alerts')} />)}</Asked>
}
