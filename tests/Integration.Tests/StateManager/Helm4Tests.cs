using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>StateManager with helm 4.</summary>
public sealed class Helm4Environment : StateManagerEnvironment
{
    public override string Helm => Fleet.Testing.RealParts.Helm4.Path;
}

/// <summary>The same life of a service with the next helm, whose records and output differ.</summary>
public sealed class Helm4Tests(Helm4Environment environment) : IClassFixture<Helm4Environment>
{
    [Fact]
    public async Task A_service_is_installed_upgraded_fails_and_is_removed_with_helm_4()
    {
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Set("prod", "prod", Service("web")));
        Assert.EndsWith("@1", (string?)(await environment.ServiceAsync("prod", "web", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        await environment.ApplyAsync(Set("prod", "prod", Service("web", "replicaCount: 3")));
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("prod", "web"), v => (int?)v["replicaCount"] == 3, "upgraded");
        Assert.EndsWith("@2", (string?)(await environment.ServiceAsync("prod", "web", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        await environment.ApplyAsync(Set("prod", "prod", Service("web", "replicaCount: many")));
        Assert.Contains("replicaCount", (string?)(await environment.ServiceAsync("prod", "web", "Failed"))["failureMessage"], StringComparison.Ordinal);

        await environment.DeleteSetAsync("prod");
        Assert.DoesNotContain("web", await environment.HelmAsync("list", "-n", "apps", "--short"), StringComparison.Ordinal);
    }
}
