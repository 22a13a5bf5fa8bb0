import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/http'
import type { Revision, ServiceDetail } from '../api/types'
import { Dialog } from '../app/Dialog'
import { useChange } from '../app/conflict'
import { ChangeProblem } from '../app/ConflictDialog'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { decidedOf, readService, serviceKeyOf, type ServiceName, servicePath } from './queries'

/** Only what was deployed once can be gone back to; the newest one is what there is. */
const canReturnTo = (revision: Revision, index: number): boolean => index > 0 && (revision.status === 'deployed' || revision.status === 'superseded')

export function History({ of, service }: { readonly of: ServiceName; readonly service: ServiceDetail }) {
  const { t } = useTexts()
  const [wanted, setWanted] = useState<number | null>(null)
  if (service.revisions.length === 0) return <Empty title={t('service.noHistory')}>{service.clusterProblem}</Empty>
  return (
    <>
      <SmallTable
        label={t('service.history')}
        rows={service.revisions}
        rowKey={(revision) => String(revision.revision)}
        columns={[
          { header: t('col.revision'), isName: true, cell: (revision) => revision.revision },
          { header: t('col.updated'), cell: (revision) => (revision.updated === undefined ? '–' : <Ago time={revision.updated} />) },
          { header: t('col.status'), cell: (revision) => <Status tone={revision.status === 'deployed' ? 'good' : revision.status === 'failed' ? 'bad' : 'idle'} text={revision.status} /> },
          { header: t('col.chart'), cell: (revision) => revision.chart ?? '–' },
          { header: t('col.appVersion'), cell: (revision) => revision.appVersion ?? '–' },
          { header: t('col.description'), cell: (revision) => [revision.description, revision.requestedBy].filter((text) => text !== undefined).join(' · ') },
          {
            header: t('col.action'),
            cell: (revision) =>
              canReturnTo(revision, service.revisions.indexOf(revision)) ? (
                <button type="button" className="button small" onClick={() => setWanted(revision.revision)}>
                  {t('action.rollback')}
                </button>
              ) : null,
          },
        ]}
      />
      {wanted === null ? null : <RollbackDialog of={of} service={service} revision={wanted} onClose={() => setWanted(null)} />}
    </>
  )
}

function RollbackDialog({ of, service, revision, onClose }: { readonly of: ServiceName; readonly service: ServiceDetail; readonly revision: number; readonly onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const rollback = useChange({
    seen: service,
    decided: decidedOf,
    read: () => readService(queries, of),
    write: (version) => call<unknown>(servicePath(of) + '/actions/rollback', { method: 'POST', body: { revision }, version }),
    onSuccess: () => {
      toast(t('action.done.rollback', { name: of.service, revision: String(revision) }))
      void queries.invalidateQueries({ queryKey: serviceKeyOf(of) })
      onClose()
    },
  })
  return (
    <Dialog title={t('rollback.title', { name: of.service, revision: String(revision) })} onClose={onClose}>
      <p>{t('rollback.text')}</p>
      {rollback.isError ? <ChangeProblem error={rollback.error} /> : null}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t('app.cancel')}
        </button>
        <button type="button" className="button primary" disabled={rollback.isPending} onClick={() => rollback.mutate()}>
          {t('rollback.button')}
        </button>
      </div>
    </Dialog>
  )
}
