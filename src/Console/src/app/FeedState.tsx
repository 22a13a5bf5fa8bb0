import type { ClusterFeed } from '../api/clusterFeed'
import { useTexts } from '../i18n/language'
import { Status, type Tone } from './Status'

const tones: Readonly<Record<ClusterFeed['status'], Tone>> = { live: 'good', loading: 'busy', stale: 'doubt', polling: 'idle', failed: 'bad' }

/** Whether what is shown is how it is now. */
export function FeedState({ feed }: { readonly feed: Pick<ClusterFeed, 'status' | 'limited'> }) {
  const { t } = useTexts()
  return (
    <span className="feed" data-feed={feed.status} title={feed.status === 'polling' ? t('feed.polling.text') : undefined}>
      <Status tone={tones[feed.status]} text={t(`feed.${feed.status}`)} />
      {feed.limited ? <span className="muted"> {t('feed.limited')}</span> : null}
    </span>
  )
}
