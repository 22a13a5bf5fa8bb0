using Fleet.EndToEnd.Tests.Faults;

namespace Fleet.EndToEnd.Tests;

/// <summary>One fleet for the tests of several classes, each in namespaces of its own and one after the other: a start costs more than they do.</summary>
[CollectionDefinition(Name)]
public sealed class OneFleet : ICollectionFixture<FaultFleet>
{
    public const string Name = "one fleet";
}
