import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// `npm run dev` shows the sources with the data of the fleet that runs here; FLEET_REST names another one.
const rest = process.env['FLEET_REST'] ?? 'http://127.0.0.1:7080'

export default defineConfig({
  plugins: [react()],
  // No file becomes a data: URL: the policy that the product sends allows fonts and scripts from its own address only.
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Style sheets are nothing to the unit tests but for the colours, which one of them looks at.
  test: { css: { include: /tokens\.css/ } },
  server: { proxy: { '/api': rest, '/openapi': rest, '/allocation': rest, '/assets': rest } },
})
