namespace Fleet.Bench.Runner;

/// <summary>One benchmark; found by its type, started by its name.</summary>
public interface IBenchmark
{
    /// <summary>Lower case with hyphens, as typed after <c>fleet bench</c>.</summary>
    string Name { get; }

    /// <summary>Measures itself against something that runs beside it.</summary>
    Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct);
}
