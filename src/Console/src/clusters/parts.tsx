import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Cluster, ClusterEvent, ClusterService, Machine, Node } from '../api/types'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { Age, StateStatus, Status } from '../app/Status'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { eventsQuery, machinesQuery, nodesQuery } from './queries'

interface Of {
  readonly cluster: Cluster
}

function Part<T>({ options, empty, children }: { readonly options: UseQueryOptions<readonly T[], Error, readonly T[], readonly string[]>; readonly empty: string; readonly children: (items: readonly T[]) => ReactNode }) {
  const query = useQuery(options)
  if (query.data === undefined) return query.isError ? <ProblemPanel error={query.error} onRetry={() => void query.refetch()} /> : <Loading />
  return (
    <>
      {query.isError ? <ProblemPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data.length === 0 ? <Empty title={empty} /> : children(query.data)}
    </>
  )
}

export function Nodes({ cluster }: Of) {
  const { t } = useTexts()
  return (
    <Part<Node> options={nodesQuery(cluster)} empty={t('cluster.noNodes')}>
      {(nodes) => (
        <SmallTable
          label={t('cluster.nodes')}
          rows={nodes}
          rowKey={(node) => node.name}
          columns={[
            { header: t('col.name'), isName: true, cell: (node) => node.name },
            {
              header: t('col.ready'),
              cell: (node) => (
                <>
                  <Status tone={node.ready ? 'good' : 'bad'} text={node.ready ? t('app.yes') : (node.message ?? t('app.no'))} />
                  {node.schedulable ? null : <span className="label">{t('node.cordoned')}</span>}
                </>
              ),
            },
            { header: t('col.roles'), cell: (node) => (node.roles.length === 0 ? t('role.worker') : node.roles.join(', ')) },
            { header: t('col.version'), cell: (node) => node.kubeletVersion ?? '–' },
            { header: t('col.addresses'), cell: (node) => node.addresses.join(', ') },
            { header: t('col.age'), numeric: true, cell: (node) => <Age time={node.created} /> },
          ]}
        />
      )}
    </Part>
  )
}

export function Machines({ cluster }: Of) {
  const { t } = useTexts()
  return (
    <Part<Machine> options={machinesQuery(cluster)} empty={t('cluster.noMachines')}>
      {(machines) => (
        <SmallTable
          label={t('cluster.machines')}
          rows={machines}
          rowKey={(machine) => machine.name}
          columns={[
            { header: t('col.name'), isName: true, cell: (machine) => machine.name },
            {
              header: t('col.phase'),
              cell: (machine) => <Status tone={machine.phase === 'Running' ? 'good' : machine.phase === 'Failed' ? 'bad' : machine.phase === 'Deleting' ? 'going' : 'busy'} text={machine.phase ?? '–'} />,
            },
            { header: t('col.role'), cell: (machine) => (machine.controlPlane ? t('role.controlPlane') : (machine.deployment ?? t('role.worker'))) },
            { header: t('col.version'), cell: (machine) => machine.kubernetesVersion ?? '–' },
            { header: t('col.node'), cell: (machine) => machine.node ?? '–' },
            { header: t('col.age'), numeric: true, cell: (machine) => <Age time={machine.created} /> },
          ]}
        />
      )}
    </Part>
  )
}

export function Events({ cluster }: Of) {
  const { t } = useTexts()
  return (
    <Part<ClusterEvent> options={eventsQuery(cluster)} empty={t('cluster.noEvents')}>
      {(events) => (
        <SmallTable
          label={t('cluster.events')}
          rows={[...events].sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''))}
          rowKey={(_, index) => String(index)}
          columns={[
            { header: t('col.seen'), cell: (event) => <Age time={event.lastSeen} /> },
            { header: t('col.reason'), isName: true, cell: (event) => <Status tone={event.type === 'Warning' ? 'bad' : 'idle'} text={event.reason} /> },
            { header: t('col.message'), cell: (event) => <span className="break">{event.message}</span> },
            { header: t('col.count'), numeric: true, cell: (event) => event.count },
          ]}
        />
      )}
    </Part>
  )
}

export function ServicesOfCluster({ cluster }: Of) {
  const { t } = useTexts()
  if (cluster.services.length === 0) return <Empty title={t('cluster.noServices')} />
  return (
    <SmallTable<ClusterService>
      label={t('cluster.services')}
      rows={cluster.services}
      rowKey={(service) => `${service.namespace}/${service.name}`}
      columns={[
        {
          header: t('col.service'),
          isName: true,
          cell: (service) => (
            <Link
              to="/services/$namespace/$cluster/$serviceNamespace/$service"
              params={{ namespace: cluster.namespace, cluster: cluster.name, serviceNamespace: service.namespace, service: service.name }}
              className="name-link"
            >
              {service.namespace}/{service.name}
            </Link>
          ),
        },
        { header: t('col.state'), cell: (service) => <StateStatus state={service.state} /> },
        { header: t('col.version'), cell: (service) => service.version ?? '–' },
        { header: t('col.template'), cell: (service) => service.template },
        { header: t('col.since'), numeric: true, cell: (service) => <Age time={service.since} /> },
        { header: t('col.message'), cell: (service) => <span className="break">{service.message}</span> },
      ]}
    />
  )
}
