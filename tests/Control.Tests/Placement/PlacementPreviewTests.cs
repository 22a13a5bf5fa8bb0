using Fleet.Contracts.Chains;
using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Placement;
using Fleet.Control.Templates;

namespace Fleet.Control.Tests.Placement;

public class PlacementPreviewTests
{
    private static readonly UpgradeGraph Chain = UpgradeGraph.From([
        new ServiceTemplateChainSpec
        {
            SupportedTemplates =
            [
                new() { Name = "db-1", AvailableUpgrades = [new() { Name = "db-2", Version = "2.0.0" }] },
                new() { Name = "db-2", AvailableUpgrades = [new() { Name = "db-3", Version = "3.0.0" }] },
                new() { Name = "db-3" },
            ],
        },
    ]);

    [Fact]
    public void Everything_that_waits_only_for_others_gets_there()
    {
        var preview = PlacementPreview.Of(Facts([Of("front", "cart"), Of("cart", "db"), Of("db")]));
        Assert.Equal(["front", "cart", "db"], preview.Services.Select(service => service.Name));
        Assert.Empty(preview.Blocked);
    }

    [Fact]
    public void A_chain_is_gone_through_to_its_end_and_its_steps_are_told()
    {
        var declared = Of("db") with { Template = "db-3", TemplateChain = "chain" };
        var preview = PlacementPreview.Of(Facts([declared, Of("cart", "db")]) with
        {
            Placed = [new() { Name = "db", Namespace = "default", Template = "db-1" }],
            Chains = new Dictionary<string, UpgradeGraph> { ["chain"] = Chain },
        });
        Assert.Equal(["db-3", "t-cart"], preview.Services.Select(service => service.Template));
        Assert.Equal(["db-2", "db-3"], preview.Templates[new("default", "db")]);
        Assert.Equal(["t-cart"], preview.Templates[new("default", "cart")]);
    }

    [Fact]
    public void What_never_gets_there_is_told_with_its_reason()
    {
        var preview = PlacementPreview.Of(Facts([Of("a", "b"), Of("b", "a"), Of("c", "nobody"), Of("d")]));
        Assert.Equal(["d"], preview.Services.Select(service => service.Name));
        Assert.Equal(["default/a", "default/b", "default/c"], preview.Blocked.Select(wait => wait.Service.ToString()).Order());
        Assert.Equal(2, preview.Problems.Count);
    }

    [Fact]
    public void What_is_as_declared_changes_nothing()
    {
        var declared = Of("db");
        var first = PlacementPreview.Of(Facts([declared]));
        var again = PlacementPreview.Of(Facts([declared]) with { Placed = first.Services });
        Assert.Equal(first.Services, again.Services);
        Assert.Empty(again.Templates[new("default", "db")]);
    }

    private static PlacementFacts Facts(Service[] declared) =>
        new() { Declared = declared, Templates = new Dictionary<string, ServiceTemplateSpec>(), Chains = new Dictionary<string, UpgradeGraph>() };

    private static Service Of(string name, params string[] dependsOn) =>
        new() { Name = name, Template = $"t-{name}", DependsOn = [.. dependsOn.Select(other => new ServiceDependency { Name = other })] };
}
