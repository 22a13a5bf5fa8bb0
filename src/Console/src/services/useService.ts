import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { useServiceFeed } from '../api/serviceFeed'
import type { Service, ServiceDetail } from '../api/types'
import { serviceKeyOf, type ServiceName, serviceQuery } from './queries'

/** What the stream told last, with what only the service's own page asks for. What is told no more (nobody holds it) is gone. */
export function withNews(detail: ServiceDetail, told: Service | undefined): ServiceDetail {
  if (told === undefined) return detail
  const { chart, appVersion, problem, revision, conditions, revisions, objects, clusterProblem } = detail
  return {
    ...told,
    conditions,
    revisions,
    objects,
    ...(chart === undefined ? {} : { chart }),
    ...(appVersion === undefined ? {} : { appVersion }),
    ...(problem === undefined ? {} : { problem }),
    ...(revision === undefined ? {} : { revision }),
    ...(clusterProblem === undefined ? {} : { clusterProblem }),
  }
}

/** One service: asked for by itself, and kept as the stream of changes tells it. */
export function useService(of: ServiceName): { readonly query: UseQueryResult<ServiceDetail>; readonly service: ServiceDetail | undefined } {
  const feed = useServiceFeed()
  const query = useQuery(serviceQuery(of))
  const queries = useQueryClient()
  const told = useMemo(
    () => feed.services.find((each) => each.namespace === of.namespace && each.cluster === of.cluster && each.serviceNamespace === of.serviceNamespace && each.name === of.service && each.serviceSet === (query.data?.serviceSet ?? each.serviceSet)),
    [feed.services, of.namespace, of.cluster, of.serviceNamespace, of.service, query.data?.serviceSet],
  )
  const wasTold = useRef<Service | undefined>(undefined)
  useEffect(() => {
    // Its parts change with it; the first time they are being asked for anyway.
    if (told !== undefined && wasTold.current !== undefined && told !== wasTold.current) void queries.invalidateQueries({ queryKey: serviceKeyOf(of) })
    wasTold.current = told ?? wasTold.current
  }, [told])
  const service = useMemo(() => (query.data === undefined ? undefined : withNews(query.data, feed.status === 'live' ? told : undefined)), [query.data, told, feed.status])
  return { query, service }
}
