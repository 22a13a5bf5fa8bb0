using Fleet.Bench.ControlPlane;
using Fleet.Bench.Ingest;
using Fleet.Bench.Runner;

if (args is [EmbeddedProcess.Verb, .. var served])
{
    await EmbeddedProcess.ServeAsync(served);
    return 0;
}

if (args is [IngestProcess.Verb, .. var ingested])
{
    await IngestProcess.ServeAsync(ingested);
    return 0;
}

// fleet bench [NAME …] [-o json] [--size NUMBER …]: a name runs every benchmark that begins with it. A missed target is reported, not a failure of the run.
var json = args is [.., "-o", "json"];
var names = args.Where((a, i) => !a.StartsWith('-') && (i == 0 || !args[i - 1].StartsWith('-'))).ToList();
var all = typeof(IBenchmark).Assembly.GetTypes()
    .Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IBenchmark)))
    .Select(t => (IBenchmark)Activator.CreateInstance(t, nonPublic: true)!)
    .OrderBy(b => b.Name, StringComparer.Ordinal)
    .ToList();
if (args.Any(a => a is "-h" or "--help" or "help"))
{
    Console.WriteLine($"""
        Measures Fleet beside something else in the same run, and prints a row for each figure.

        Usage: fleet bench [NAME ...] [-o json] [--OPTION NUMBER ...]

        A name runs every benchmark that begins with it; without one all are run, which takes hours. There are:
          {string.Join("\n  ", all.Select(b => b.Name))}
        docs/benchmarks.md tells what each measures, its options and its targets.
        """);
    return 0;
}

var chosen = all.Where(b => names.Count == 0 || names.Any(n => b.Name.StartsWith(n, StringComparison.Ordinal))).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"There is no benchmark of that name. There are: {string.Join(", ", all.Select(b => b.Name))}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var failed = 0;
BenchOutput.Header(json);
foreach (var benchmark in chosen)
{
    try
    {
        foreach (var result in await benchmark.RunAsync(stop.Token))
            BenchOutput.Write(result, json);
    }
    catch (Exception e) when (!stop.IsCancellationRequested)
    {
        failed++;
        Console.Error.WriteLine($"{benchmark.Name} could not be run: {e.Message}");
    }
}

return failed == 0 ? 0 : 1;
