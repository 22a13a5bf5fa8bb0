import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useClusterFeed } from '../api/clusterFeed'
import type { Cluster } from '../api/types'
import { askAgain, clusterQuery, type ClusterName, showCluster } from './queries'

const withoutStream = 5_000

/** One cluster: asked for by itself, since who may get it may not be able to list, and then kept as the stream of changes tells it. */
export function useCluster(of: ClusterName): { readonly query: UseQueryResult<Cluster>; readonly gone: boolean } {
  const feed = useClusterFeed()
  const query = useQuery({ ...clusterQuery(of), refetchInterval: feed.status === 'live' ? false : withoutStream })
  const queries = useQueryClient()
  const told = feed.clusters.find((cluster) => cluster.namespace === of.namespace && cluster.name === of.name)
  const wasTold = useRef<Cluster | undefined>(undefined)
  useEffect(() => {
    if (told !== undefined && told !== wasTold.current) {
      showCluster(queries, told)
      // Its parts change with it; the first time they are being asked for anyway.
      if (wasTold.current !== undefined) void askAgain(queries, of)
    }
    wasTold.current = told ?? wasTold.current
  }, [told])
  const seen = wasTold.current
  const gone = feed.status === 'live' && told === undefined && seen !== undefined && seen.namespace === of.namespace && seen.name === of.name
  return { query, gone }
}
