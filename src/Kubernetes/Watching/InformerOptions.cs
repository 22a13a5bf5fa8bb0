namespace Fleet.Kubernetes.Watching;

/// <summary>What an informer watches and what it keeps of it.</summary>
public sealed record InformerOptions<T, TItem>
{
    /// <summary>What is kept of each object. Must not hold on to the object when memory matters.</summary>
    public required Func<T, TItem> Project { get; init; }

    /// <summary>Null means every namespace.</summary>
    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }
    public int PageSize { get; init; } = 500;

    /// <summary>Named indices: each gives the values under which an item is found.</summary>
    public IReadOnlyDictionary<string, Func<TItem, IEnumerable<string>>> Indices { get; init; } = new Dictionary<string, Func<TItem, IEnumerable<string>>>();

    /// <summary>When two projections of one object are the same, no update is reported. Null reports every change of the object.</summary>
    public IEqualityComparer<TItem>? Unchanged { get; init; }

    /// <summary>Pause after the first failure; doubles with each further one up to <see cref="LongestBackoff"/>, half of it chance.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one watch lives before it is resumed; up to twice this, by chance, so that watches do not all end together.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called after each list or watch that failed, on the informer's own task: must be quick and must not throw.</summary>
    public Action<Exception>? Failed { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A number in [0, 1).</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
