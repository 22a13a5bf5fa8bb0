import { Link } from '@tanstack/react-router'
import { Age, Status } from '../app/Status'
import { severityText, severityTone } from './severity'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import type { Alert } from './queries'

const order = ['critical', 'high', 'error', 'warning', 'medium', 'low', 'info']
const rank = (alert: Alert): number => (order.indexOf(alert.severity.toLowerCase()) + order.length + 1) % (order.length + 1)

/** Worst first, then newest. */
export const sorted = (alerts: readonly Alert[]): readonly Alert[] => [...alerts].sort((a, b) => rank(a) - rank(b) || b.since.localeCompare(a.since))

export function AlertTable({ alerts, label, onSilence }: { readonly alerts: readonly Alert[]; readonly label: string; readonly onSilence?: (alert: Alert) => void }) {
  const texts = useTexts()
  const { t } = texts
  return (
    <SmallTable
      label={label}
      rows={sorted(alerts)}
      rowKey={(alert) => alert.id}
      columns={[
        {
          header: t('alerts.alert'),
          isName: true,
          cell: (alert) => (
            <>
              <span className="break">{alert.rule}</span>
              {alert.silencedBy === undefined ? null : <span className="label aside-label">{t('alerts.silencedBy', { name: alert.silencedBy })}</span>}
              {alert.inhibitedBy === undefined ? null : <span className="label aside-label">{t('alerts.inhibitedBy', { name: alert.inhibitedBy })}</span>}
            </>
          ),
        },
        { header: t('alerts.severity'), cell: (alert) => <Status tone={alert.state === 'resolved' ? 'good' : severityTone(alert.severity)} text={alert.state === 'resolved' ? t('alerts.resolved') : severityText(texts, alert.severity)} /> },
        { header: t('col.cluster'), cell: (alert) => <ClusterLink cluster={alert.cluster ?? alert.labels?.['cluster']} /> },
        {
          header: t('alerts.what'),
          cell: (alert) => (
            <span className="break">
              {alert.summary ?? ''}
              {alert.description === undefined || alert.description === '' || alert.description === alert.summary ? null : <span className="muted"> {alert.description}</span>}
            </span>
          ),
        },
        { header: t('col.since'), numeric: true, cell: (alert) => <Age time={alert.since} /> },
        {
          header: t('col.action'),
          cell: (alert) => (
            <span className="row-actions">
              <Link to="/explore" search={exploreOf(alert)} className="button small quiet">
                {t('alerts.explore')}
              </Link>
              {onSilence === undefined || alert.state === 'resolved' ? null : (
                <button type="button" className="button small" onClick={() => onSilence(alert)}>
                  {t('alerts.silence')}
                </button>
              )}
            </span>
          ),
        },
      ]}
    />
  )
}

const hour = 3_600_000

/** What was logged from an hour before it began. */
function exploreOf(alert: Alert): Record<string, string> {
  const namespace = alert.labels?.['namespace']
  const pod = alert.labels?.['pod']
  const cluster = alert.cluster ?? alert.labels?.['cluster']
  return {
    range: 'custom',
    from: new Date(Date.parse(alert.since) - hour).toISOString(),
    to: new Date(Math.min(Date.now(), Date.parse(alert.resolvedAt ?? alert.since) + hour)).toISOString(),
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined || cluster === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
  }
}

export function ClusterLink({ cluster }: { readonly cluster: string | undefined }) {
  const [namespace, name] = (cluster ?? '').split('/')
  if (cluster === undefined || cluster === '') return <span className="muted">–</span>
  if (namespace === undefined || name === undefined) return <>{cluster}</>
  return (
    <Link to="/clusters/$namespace/$name" params={{ namespace, name }}>
      {cluster}
    </Link>
  )
}
