import { Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { clusterFeed } from '../api/clusterFeed'
import { serviceFeed } from '../api/serviceFeed'
import { useSession } from '../api/session'
import { SignIn } from '../signin/SignIn'
import { queries } from './queries'
import { Shell } from './Shell'

/** Without a session the page that was asked for stays the address, and is shown as soon as there is one. */
export function App() {
  const { token } = useSession()
  useEffect(() => {
    if (token === null) return
    clusterFeed.start()
    return () => {
      clusterFeed.stop()
      serviceFeed.stop()
      // What one person was shown is not for the next one.
      queries.clear()
    }
  }, [token])
  if (token === null) return <SignIn />
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}
