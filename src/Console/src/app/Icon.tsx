const paths = {
  fleet: 'M3 8.5 12 4.5l9 4-9 4zM3 13l9 4 9-4M3 17.5l9 4 9-4',
  clusters: 'M4 4.5h16v6H4zM4 13.5h16v6H4zM7.5 7.5h.01M7.5 16.5h.01M11 7.5h5M11 16.5h5',
  services: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.9-5.5 7.5-5.5s6.700 1.900 7.5 5.5',
  link: 'M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.100-1.100',
  up: 'M12 19V6M6.5 11.5 12 6l5.5 5.5',
  drift: 'M4 8c3-4 5 3 8 0s5-2 8-1M4 16c3-4 5 3 8 0s5-2 8-1',
  hold: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
} as const

export type IconName = keyof typeof paths

/** Only beside a text that says the same. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)
