import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/wght.css'
import './theme/tokens.css'
import './app/base.css'
import './app/shell.css'
import './app/controls.css'
import './app/states.css'
import './app/overlays.css'
import './app/messages.css'
import './app/content.css'
import { session } from './api/session'
import { queries } from './app/queries'
import { router } from './app/router'
import { language } from './i18n/language'
import { theme } from './theme/theme'

theme.start()
language.start()
session.restore()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
