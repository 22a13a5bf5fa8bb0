using Xunit.Sdk;
using Xunit.v3;

namespace Fleet.Console.Tests;

/// <summary>What waits for a past that is filled in comes after what needs none.</summary>
public sealed class DataLast : ITestCollectionOrderer
{
    private static readonly string[] Waiting = ["EveryWidePage", "EveryNarrowPage", "CostPages", "Overview", "BudgetPages", "RecommendationPages"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Waiting, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)))];
}
