namespace Fleet.Bench.WebConsole;

/// <summary>As many cells as the console's table has in sight, moved by a few lines of script and nothing else.</summary>
internal static class PlainTable
{
    public static string Html(int rows) =>
        $$"""
        <!doctype html>
        <title>plain</title>
        <style>
          body { margin: 0; font: 14px sans-serif; }
          .table { height: 800px; overflow: auto; }
          .table-body { position: relative; height: {{rows * 38}}px; }
          .table-row { position: absolute; left: 0; top: 0; width: 100%; height: 38px; display: grid; grid-template-columns: repeat(8, 1fr); align-items: center; border-bottom: 1px solid #ddd; }
          .table-row > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 8px; }
        </style>
        <div class="table"><div class="table-body"></div></div>
        <script>
          const table = document.querySelector('.table')
          const body = document.querySelector('.table-body')
          const shown = new Map()
          const draw = () => {
            const first = Math.max(0, Math.floor(table.scrollTop / 38) - 10)
            const last = Math.min({{rows}} - 1, Math.ceil((table.scrollTop + 800) / 38) + 10)
            for (const [index, row] of shown) if (index < first || index > last) (row.remove(), shown.delete(index))
            for (let index = first; index <= last; index++) {
              if (shown.has(index)) continue
              const row = document.createElement('div')
              row.className = 'table-row'
              row.style.transform = `translateY(${index * 38}px)`
              row.innerHTML = `<a href="#">cluster-${index}</a><span>team-${index % 40}</span><span>Ready</span><span>v1.33.1</span><span>aws-standalone-cp-1-1-0</span><span>3 of 3</span><span>8 mth</span><span>Object is ready</span>`
              shown.set(index, row)
              body.append(row)
            }
          }
          table.addEventListener('scroll', draw, { passive: true })
          draw()
        </script>
        """;
}
