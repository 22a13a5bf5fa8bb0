using Fleet.Contracts.Chains;
using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Placement;
using Fleet.Control.Templates;

namespace Fleet.Control.Tests.Placement;

/// <summary>Group 14 and 15 of upstream's behaviour, as plans.</summary>
public class PlacementPlannerTests
{
    private static readonly UpgradeGraph Chain = UpgradeGraph.From([
        new ServiceTemplateChainSpec
        {
            SupportedTemplates =
            [
                new() { Name = "nginx-4-11-3", AvailableUpgrades = [new() { Name = "nginx-4-11-5", Version = "4.11.5" }, new() { Name = "nginx-4-12-0", Version = "4.12.0" }] },
                new() { Name = "nginx-4-11-5", AvailableUpgrades = [new() { Name = "nginx-4-12-3", Version = "4.12.3" }] },
                new() { Name = "nginx-4-12-0" },
                new() { Name = "nginx-4-12-3" },
            ],
        },
    ]);

    [Fact]
    public void Independent_services_come_in_together_in_their_order() =>
        Assert.Equal("b a c", Names(Plan([Of("b"), Of("a"), Of("c")])));

    [Fact]
    public void A_service_waits_until_its_dependency_is_deployed_in_the_wanted_version()
    {
        Service[] declared = [Of("web", "db"), Of("db")];
        var first = Plan(declared);
        Assert.Equal("db", Names(first));
        Assert.Equal([new(new("default", "web"), "dependency default/db: changes now")], first.Waits);

        Assert.Equal("dependency default/db: not seen yet", Wait(Plan(declared, first.Services)));
        Assert.Equal("dependency default/db: Provisioning", Wait(Plan(declared, first.Services, [State("db", ServiceStates.Provisioning)])));
        Assert.Equal("dependency default/db: t-db is deployed, 2.0.0 is wanted", Wait(Plan(declared, [first.Services[0] with { Version = "2.0.0" }], [State("db")], stated: "2.0.0")));
        var done = Plan(declared, first.Services, [State("db")]);
        Assert.Equal("web db", Names(done));
        Assert.Empty(done.Waits);
    }

    [Fact]
    public void A_failure_stops_only_its_dependents()
    {
        Service[] declared = [Of("a"), Of("b", "a"), Of("c"), Of("d", "c"), Of("e", "b")];
        var plan = Plan(declared, [Placed("a"), Placed("c")], [State("a", ServiceStates.Failed), State("c")]);
        Assert.Equal("a c d", Names(plan));
        Assert.Equal(["default/b: dependency default/a: Failed", "default/e: dependency default/b: not placed yet"], plan.Waits.Select(wait => $"{wait.Service}: {wait.For}"));
    }

    [Fact]
    public void What_is_placed_stays_as_it_is_while_its_dependency_changes()
    {
        Service[] declared = [Of("db") with { Template = "t-db-2" }, Of("web", "db") with { Values = "new: true" }];
        PlacedService[] placed = [Placed("db"), Placed("web")];
        var plan = Plan(declared, placed, [State("db"), State("web")]);
        Assert.Equal(("t-db-2", (string?)null), (plan.Services[0].Template, plan.Services[1].Values));
        var after = Plan(declared, plan.Services, [State("db") with { Template = "t-db-2", Version = "t-db-2" }, State("web")]);
        Assert.Equal("new: true", after.Services[1].Values);
        Assert.Empty(after.Waits);
    }

    [Fact]
    public void A_cycle_is_named_whole_and_holds_only_what_is_on_it_or_waits_for_it()
    {
        var plan = Plan([Of("a", "b"), Of("b", "c"), Of("c", "a"), Of("d", "a"), Of("free")]);
        Assert.Equal("free", Names(plan));
        Assert.Equal(["services wait for each other: default/a → default/b → default/c → default/a"], plan.Problems);
        Assert.Equal(4, plan.Waits.Count);
    }

    [Fact]
    public void A_service_that_waits_for_itself_is_a_cycle() =>
        Assert.Equal(["services wait for each other: default/a → default/a"], Plan([Of("a", "a")]).Problems);

    [Fact]
    public void A_dependency_that_was_taken_away_is_an_error_and_its_dependent_stays()
    {
        var plan = Plan([Of("web", "db") with { Values = "new: true" }], [Placed("db"), Placed("web")], [State("db"), State("web")]);
        Assert.Equal("web", Names(plan));
        Assert.Null(plan.Services[0].Values);
        Assert.Equal(["default/web depends on default/db, which is not declared"], plan.Problems);
    }

    [Fact]
    public void Disabled_is_not_placed_stays_when_it_is_and_holds_what_waits_for_it()
    {
        Service[] declared = [Of("db") with { Disable = true, Values = "x: 1" }, Of("web", "db")];
        Assert.Equal("dependency default/db: disabled", Wait(Plan(declared)));
        var plan = Plan(declared, [Placed("db")], [State("db")]);
        Assert.Equal("db web", Names(plan));
        Assert.Null(plan.Services[0].Values);
    }

    [Fact]
    public void The_same_name_in_two_namespaces_is_two_services()
    {
        var plan = Plan([Of("db") with { Namespace = "a" }, Of("db") with { Namespace = "b", DependsOn = [new() { Name = "db", Namespace = "a" }] }]);
        Assert.Equal("a", Assert.Single(plan.Services).Namespace);
    }

    [Fact]
    public void Along_a_chain_it_goes_one_template_at_a_time_by_semantic_version()
    {
        var declared = Nginx("nginx-4-12-3");
        var plan = Plan([declared], [Placed("nginx", "nginx-4-11-3")], [State("nginx", template: "nginx-4-11-3")]);
        Assert.Equal("nginx-4-11-5", plan.Services[0].Template);
        Assert.Equal("nginx-4-11-5 on the way to nginx-4-12-3", Wait(plan));

        var held = Plan([declared with { Values = "new: true" }], plan.Services, [State("nginx", ServiceStates.Provisioning, "nginx-4-11-5")]);
        Assert.Equal(("nginx-4-11-5", "new: true"), (held.Services[0].Template, held.Services[0].Values));
        Assert.Equal("nginx-4-11-5 before nginx-4-12-3: Provisioning", Wait(held));

        var last = Plan([declared], plan.Services, [State("nginx", template: "nginx-4-11-5")]);
        Assert.Equal("nginx-4-12-3", last.Services[0].Template);
        Assert.Empty(last.Waits);
    }

    [Theory]
    [InlineData("nginx-4-12-3", "nginx-4-11-3", "default/nginx: no upgrade of ServiceTemplateChain nginx leads from nginx-4-12-3 to nginx-4-11-3")]
    [InlineData("nginx-4-11-3", "nginx-9", "default/nginx: no upgrade of ServiceTemplateChain nginx leads from nginx-4-11-3 to nginx-9")]
    public void Where_nothing_leads_it_stays(string from, string to, string problem)
    {
        var plan = Plan([Nginx(to)], [Placed("nginx", from)], [State("nginx", template: from)]);
        Assert.Equal(from, plan.Services[0].Template);
        Assert.Equal([problem], plan.Problems);
    }

    [Fact]
    public void A_chain_that_is_not_there_holds_and_without_one_the_template_changes_at_once()
    {
        var held = Plan([Nginx("nginx-4-12-3") with { TemplateChain = "gone" }], [Placed("nginx", "nginx-4-11-3")], [State("nginx", template: "nginx-4-11-3")]);
        Assert.Equal(("nginx-4-11-3", 1), (held.Services[0].Template, held.Problems.Count));
        var free = Plan([Nginx("nginx-4-12-3") with { TemplateChain = null }], [Placed("nginx", "nginx-4-11-3")], [State("nginx", template: "nginx-4-11-3")]);
        Assert.Equal("nginx-4-12-3", free.Services[0].Template);
    }

    [Fact]
    public void Dependents_are_upgraded_after_the_last_step_of_what_they_wait_for()
    {
        Service[] declared = [Nginx("nginx-4-12-3"), Of("web", "nginx") with { Template = "t-web-2" }];
        PlacedService[] placed = [Placed("nginx", "nginx-4-11-5"), Placed("web")];
        var going = Plan(declared, placed, [State("nginx", template: "nginx-4-11-5"), State("web")]);
        Assert.Equal(("nginx-4-12-3", "t-web"), (going.Services[0].Template, going.Services[1].Template));
        var arrived = Plan(declared, going.Services, [State("nginx", template: "nginx-4-12-3"), State("web")]);
        Assert.Equal("t-web-2", arrived.Services[1].Template);
    }

    [Fact]
    public void The_version_is_the_services_then_the_templates_then_the_charts_then_the_name()
    {
        var spec = new ServiceTemplateSpec { Version = "2", Helm = new() { ChartSpec = new() { Version = "3" } } };
        Assert.Equal(["1", "2", "3", "t"], [
            ServiceVersion.Of("1", "t", spec), ServiceVersion.Of("", "t", spec), ServiceVersion.Of(null, "t", spec with { Version = null }), ServiceVersion.Of(null, "t", null),
        ]);
    }

    private static PlacementPlan Plan(IReadOnlyList<Service> declared, IReadOnlyList<PlacedService>? placed = null, IReadOnlyList<ServiceState>? states = null, string? stated = null) =>
        PlacementPlanner.Plan(new()
        {
            Declared = stated is null ? declared : [.. declared.Select(service => service.Name == "db" ? service with { Version = stated } : service)],
            Placed = placed ?? [],
            States = states ?? [],
            Templates = new Dictionary<string, ServiceTemplateSpec>(),
            Chains = new Dictionary<string, UpgradeGraph> { ["nginx"] = Chain },
        });

    private static Service Of(string name, params string[] dependsOn) =>
        new() { Name = name, Template = "t-" + name, DependsOn = [.. dependsOn.Select(other => new ServiceDependency { Name = other })] };

    private static Service Nginx(string template) => new() { Name = "nginx", Template = template, TemplateChain = "nginx" };

    private static PlacedService Placed(string name, string? template = null) => new() { Name = name, Namespace = "default", Template = template ?? "t-" + name };

    private static ServiceState State(string name, string state = ServiceStates.Deployed, string? template = null) =>
        new() { Name = name, Namespace = "default", Template = template ?? "t-" + name, Version = template ?? "t-" + name, State = state };

    private static string Names(PlacementPlan plan) => string.Join(' ', plan.Services.Select(service => service.Name));

    private static string Wait(PlacementPlan plan) => Assert.Single(plan.Waits).For;
}
