using Fleet.Bench.Runner;
using Microsoft.Playwright;

namespace Fleet.Bench.WebConsole;

/// <summary>
/// The console's table of 5,000 clusters in Chromium: frames while it is scrolled, and how long a key takes to filter it. Beside it in the same run: a page that does nothing, and a page without any
/// framework that moves as many cells, since machines without a graphics card draw each frame by themselves.
/// </summary>
internal sealed class ConsoleTable : IBenchmark
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Clusters = 5000;

    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

    public string Name => "console";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        await using var server = await ConsoleServer.StartAsync(Clusters, ct);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Flags });
        var blank = await MeasureAsync(browser, server.Page("/bench/blank"), null);
        var plain = await MeasureAsync(browser, server.Page("/bench/plain"), ".table");
        var console = await MeasureAsync(browser, server.Page("/clusters"), ".table");
        var results = new List<BenchResult>
        {
            new("page that does nothing: frames", blank.Slow.FramesPerSecond, "frames/s", null, null, "-", true),
            // What a page without a framework cannot do here, no page can.
            Frames("5,000 clusters scrolled by a row a frame", console.Slow, plain.Slow, blank.Slow),
            Frames("5,000 clusters scrolled by a notch of a wheel a frame", console.Fast, plain.Fast, blank.Slow),
            // Nobody reads at this rate: every row is new in every frame.
            new("5,000 clusters scrolled by a page a frame: frames", console.Jump.FramesPerSecond, "frames/s", plain.Jump.FramesPerSecond, console.Jump.FramesPerSecond / plain.Jump.FramesPerSecond, "-", true),
            new("longest task while scrolling", console.LongestTask, "ms", plain.LongestTask, null, "-", true),
        };
        var keys = await FilterAsync(browser, server.Page("/clusters"));
        results.Add(new("key to filtered rows on the screen, worst of 24", keys.Max(), "ms", null, null, "<= 100", keys.Max() <= 100));
        results.Add(new("key to filtered rows on the screen, median", keys.Order().ElementAt(keys.Count / 2), "ms", null, null, "<= 100", keys.Order().ElementAt(keys.Count / 2) <= 100));
        results.Add(new("first load, compressed", server.SentOnFirstLoad / 1024.0, "kB", null, null, "<= 400", server.SentOnFirstLoad <= 400 * 1024));
        return results;
    }

    private static BenchResult Frames(string name, Scroll ours, Scroll plain, Scroll blank) =>
        new($"{name}: frames", ours.FramesPerSecond, "frames/s", plain.FramesPerSecond, ours.FramesPerSecond / plain.FramesPerSecond, ">= 59, or as plain", ours.FramesPerSecond >= Math.Min(59, Math.Min(blank.FramesPerSecond, plain.FramesPerSecond) * 0.97));

    private static async Task<Measured> MeasureAsync(IBrowser browser, Uri address, string? table)
    {
        await using var context = await NewContextAsync(browser);
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.AbsoluteUri);
        if (table is not null)
            await page.Locator($"{table} .table-body .table-row").First.WaitForAsync();
        // What a page does once when it is opened is not scrolling.
        await page.EvaluateAsync("() => new Promise(resolve => requestIdleCallback(resolve, { timeout: 5000 }))");
        var slow = await page.EvaluateAsync<double[]>(Scripts.Scroll, new object[] { table ?? "", 38 });
        var fast = await page.EvaluateAsync<double[]>(Scripts.Scroll, new object[] { table ?? "", 120 });
        var jump = await page.EvaluateAsync<double[]>(Scripts.Scroll, new object[] { table ?? "", 640 });
        return new(Scroll.Of(slow), Scroll.Of(fast), Scroll.Of(jump), Math.Max(slow[^1], fast[^1]));
    }

    private static async Task<List<double>> FilterAsync(IBrowser browser, Uri address)
    {
        await using var context = await NewContextAsync(browser);
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.AbsoluteUri);
        await page.Locator(".table-body .table-row").First.WaitForAsync();
        await page.EvaluateAsync(Scripts.WatchKeys);
        await page.Locator("#search").FocusAsync();
        var keys = new List<double>();
        // Many rows, some, few, one; and back. Each key is waited for, as somebody types who looks at what it does.
        foreach (var text in (string[])["cluster-123", "prod eu-4"])
        {
            foreach (var key in text)
                await PressAsync(key == ' ' ? "Space" : key.ToString());
            await page.Keyboard.PressAsync("Control+A");
            await PressAsync("Backspace");
        }
        return keys;

        async Task PressAsync(string key)
        {
            await page.EvaluateAsync("() => window.benchKeys.expect()");
            await page.Keyboard.PressAsync(key);
            var took = await page.EvaluateAsync<double>("() => window.benchKeys.done");
            if (took >= 0)
                keys.Add(took);
        }
    }

    private static async Task<IBrowserContext> NewContextAsync(IBrowser browser)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 }, Locale = "en-GB" });
        await context.AddInitScriptAsync("sessionStorage.setItem('fleet.token', 'of-the-benchmark')");
        return context;
    }

    private sealed record Measured(Scroll Slow, Scroll Fast, Scroll Jump, double LongestTask);

    private sealed record Scroll(double FramesPerSecond)
    {
        /// <summary>Times between frames in milliseconds, then the longest task.</summary>
        public static Scroll Of(double[] times) => new(1000 * (times.Length - 1) / times[..^1].Sum());
    }
}
