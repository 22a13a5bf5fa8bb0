using Fleet.EndToEnd.Tests;
using Fleet.EndToEnd.Tests.Drills;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.EndToEnd.Tests.Faults.Kills;
using Fleet.EndToEnd.Tests.Faults.Restarts;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Fleet.EndToEnd.Tests;

/// <summary>Classes that take minutes begin first: one that begins last keeps a processor busy and the others waiting.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(DrillTests), typeof(KillTests), typeof(StartFaultTests), typeof(FiftyKillsTests), typeof(ApiServerRestartTests), typeof(FiftyServiceKillsTests), typeof(DurabilityTests), typeof(FullDiskTests),
        typeof(TourPageTests), typeof(KnownLaterTests), typeof(MoveTests),
    ];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections) where T : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Longest, type => collection.TestCollectionDisplayName.Contains($"{type.FullName} ", StringComparison.Ordinal)) is >= 0 and var place ? place : Longest.Length)];
}
