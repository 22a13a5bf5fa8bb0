import type { Service } from '../api/types'
import { Age, StateStatus, stateTone } from '../app/Status'
import { type Texts, useTexts } from '../i18n/language'
import type { Column } from '../table/DataTable'
import { RowLink } from '../table/RowLink'
import { Marks } from './Marks'
import type { MatrixRow } from './matrix'
import { releaseOf } from './search'

const ClusterLink = ({ namespace, cluster }: { readonly namespace: string; readonly cluster: string }) => (
  <RowLink to={['clusters', namespace, cluster]} className="name-link">
    {cluster}
  </RowLink>
)

const pathOf = (service: Service): readonly string[] => ['services', service.namespace, service.cluster, service.serviceNamespace, service.name]

const ServiceLink = ({ service }: { readonly service: Service }) => (
  <RowLink to={pathOf(service)} className="name-link">
    {releaseOf(service)}
  </RowLink>
)

/** A cell of the matrix: the version that runs, or the state when none does. */
function Cell({ service }: { readonly service: Service | undefined }) {
  const { t } = useTexts()
  if (service === undefined) return <span className="muted">·</span>
  const state = t(`state.${service.state}`)
  return (
    <RowLink to={pathOf(service)} className="matrix-cell" tone={stateTone(service.state)} title={service.message ?? state}>
      <span className="dot" aria-hidden="true" />
      <span className="clip">{service.state === 'Deployed' ? (service.version ?? state) : state}</span>
      {service.state === 'Deployed' && service.version !== undefined ? <span className="visually-hidden">{state}</span> : null}
      <Marks service={service} />
    </RowLink>
  )
}

export function serviceColumns({ t }: Texts): readonly Column<Service>[] {
  return [
    { id: 'service', header: t('col.service'), width: 'minmax(12rem, 1.5fr)', isName: true, value: releaseOf, cell: (s) => <ServiceLink service={s} /> },
    { id: 'cluster', header: t('col.cluster'), width: 'minmax(10rem, 1.2fr)', value: (s) => s.cluster, cell: (s) => <ClusterLink namespace={s.namespace} cluster={s.cluster} /> },
    { id: 'namespace', header: t('clusters.namespace'), width: 'minmax(8rem, 1fr)', value: (s) => s.namespace, cell: (s) => <span className="muted">{s.namespace}</span> },
    {
      id: 'state',
      header: t('col.state'),
      width: '10rem',
      value: (s) => t(`state.${s.state}`),
      cell: (s) => (
        <>
          <StateStatus state={s.state} />
          <Marks service={s} />
        </>
      ),
    },
    { id: 'version', header: t('col.version'), width: '6rem', value: (s) => s.version, cell: (s) => s.version ?? <span className="muted">–</span> },
    { id: 'template', header: t('col.template'), width: 'minmax(11rem, 1.3fr)', value: (s) => s.template, cell: (s) => s.template },
    { id: 'since', header: t('col.since'), width: '5rem', numeric: true, value: (s) => (s.since === undefined ? undefined : -Date.parse(s.since)), cell: (s) => <Age time={s.since} /> },
    { id: 'message', header: t('col.message'), width: 'minmax(10rem, 2fr)', cell: (s) => <span title={s.held?.message ?? s.message}>{s.held?.message ?? s.message}</span> },
  ]
}

export function matrixColumns({ t }: Texts, releases: readonly string[]): readonly Column<MatrixRow>[] {
  return [
    {
      id: 'cluster',
      header: t('col.cluster'),
      width: 'minmax(13rem, 1.4fr)',
      isName: true,
      value: (row) => row.cluster,
      cell: (row) => (
        <>
          <ClusterLink namespace={row.namespace} cluster={row.cluster} /> <span className="muted"> {row.namespace}</span>
        </>
      ),
    },
    ...releases.map((release): Column<MatrixRow> => ({
      // Names of services may hold what ids of columns may not.
      id: `~${release}`,
      header: release,
      width: 'minmax(9.5rem, 1fr)',
      value: (row) => row.cells.get(release)?.state,
      cell: (row) => <Cell service={row.cells.get(release)} />,
    })),
  ]
}

export function ServiceCard({ service }: { readonly service: Service }) {
  return (
    <>
      <div className="card-line">
        <ServiceLink service={service} />
        <StateStatus state={service.state} />
      </div>
      <div className="card-line muted">
        <span className="clip">
          {service.cluster} · {service.namespace}
        </span>
        <span>
          {service.version}
          <Marks service={service} />
        </span>
      </div>
      <div className="card-line muted">
        <span className="clip">{service.held?.message ?? service.message ?? service.template}</span>
      </div>
    </>
  )
}

export function MatrixCard({ row, columns }: { readonly row: MatrixRow; readonly columns: readonly string[] }) {
  return (
    <>
      <div className="card-line">
        <ClusterLink namespace={row.namespace} cluster={row.cluster} />
        <span className="muted">{row.namespace}</span>
      </div>
      <div className="card-line card-scroll">
        {columns.map((release) => {
          const service = row.cells.get(release)
          return service === undefined ? null : (
            <span key={release} className="card-cell">
              <span className="muted small">{release}</span>
              <Cell service={service} />
            </span>
          )
        })}
      </div>
    </>
  )
}
