using System.Reflection;

namespace Fleet.Architecture.Tests;

/// <summary>The borders of docs/adr: who may know whom.</summary>
public sealed class ReferencesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Fleet.Contracts"] = [],
        ["Fleet.Expressions"] = [],
        ["Fleet.Cost"] = ["Fleet.Contracts"],
        ["Fleet.Kubernetes"] = [],
        ["Fleet.Helm"] = ["Fleet.Kubernetes"],
        ["Fleet.Sources"] = ["Fleet.Kubernetes", "Fleet.Helm"],
        ["Fleet.Backup"] = ["Fleet.Contracts", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Helm", "Fleet.Sources"],
        ["Fleet.Control"] = ["Fleet.Contracts", "Fleet.Kubernetes", "Fleet.Helm", "Fleet.Sources"],
        ["Fleet.ControlPlane"] = ["Fleet.Expressions", "Fleet.Kubernetes"],
        ["Fleet.Oidc"] = [],
        ["Fleet.Rest"] = ["Fleet.Contracts", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Oidc"],
        ["Fleet.ClusterManager"] = ["Fleet.Backup", "Fleet.Sources", "Fleet.Contracts", "Fleet.Cost", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Helm", "Fleet.Rest"],
        ["Fleet.StateManager"] = ["Fleet.Contracts", "Fleet.Expressions", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Helm", "Fleet.Rest"],
        ["Fleet.Observability"] = ["Fleet.Contracts", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Cost", "Fleet.Helm", "Fleet.Rest", "Fleet.Sources"],
        ["fleet"] = ["Fleet.Contracts", "Fleet.Kubernetes", "Fleet.Control", "Fleet.Cost", "Fleet.Helm", "Fleet.Sources", "Fleet.Backup", "Fleet.Oidc"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_knows_only_what_it_may(string name)
    {
        var references = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(IsOurs);
        Assert.Empty(references.Except(Allowed[name]));
    }

    [Fact]
    public void Contracts_reference_nothing_but_the_BCL()
    {
        var foreign = Assembly.Load("Fleet.Contracts").GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name is not ("netstandard" or "mscorlib"));
        Assert.Empty(foreign);
    }

    /// <summary>The cost model is formulas: what it knows is given to it, so that every figure can be made again.</summary>
    [Fact]
    public void The_cost_model_reads_and_writes_nothing()
    {
        var foreign = Assembly.Load("Fleet.Cost").GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name is not ("Fleet.Contracts" or "System.Runtime" or "System.Linq" or "System.Collections" or "System.Collections.Immutable" or "System.Memory"
                or "System.Runtime.InteropServices" or "System.Text.Json" or "System.Text.RegularExpressions"));
        Assert.Empty(foreign);
    }

    private static bool IsOurs(string name) => name.StartsWith("Fleet.", StringComparison.Ordinal) || name is "fleet" or "fleetd";
}
