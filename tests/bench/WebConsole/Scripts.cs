namespace Fleet.Bench.WebConsole;

/// <summary>What runs in the page.</summary>
internal static class Scripts
{
    /// <summary>Scrolls by so many pixels in each frame, down and up again, for 240 frames; the times between them, and the longest task.</summary>
    public const string Scroll =
        """
        async ([selector, step]) => {
          const table = selector === '' ? null : document.querySelector(selector)
          let longest = 0
          const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => (longest = Math.max(longest, entry.duration))))
          observer.observe({ type: 'longtask' })
          const times = []
          const frame = () => new Promise(requestAnimationFrame)
          for (let warm = 0; warm < 20; warm++) await frame()
          let last = await frame()
          for (let count = 0; count < 240; count++) {
            if (table !== null) table.scrollTop += count < 120 ? step : -step
            const now = await frame()
            times.push(now - last)
            last = now
          }
          observer.disconnect()
          return [...times, longest]
        }
        """;

    /// <summary>From the moment that a key arrives to the frame after the one that shows another number of rows; -1 where the key changes none.</summary>
    public const string WatchKeys =
        """
        () => {
          const table = document.querySelector('[role=table]')
          const keys = (window.benchKeys = {
            expect() {
              const before = table.getAttribute('aria-rowcount')
              keys.done = new Promise((resolve) => {
                addEventListener('keydown', (event) => {
                  const start = event.timeStamp
                  const shown = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)))
                  const observer = new MutationObserver(() => {
                    if (table.getAttribute('aria-rowcount') === before) return
                    observer.disconnect()
                    shown()
                  })
                  observer.observe(table, { attributes: true })
                  setTimeout(() => (observer.disconnect(), resolve(-1)), 1500)
                }, { once: true })
              })
            },
          })
        }
        """;
}
