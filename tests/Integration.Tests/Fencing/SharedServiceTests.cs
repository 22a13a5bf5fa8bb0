using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Control.Ownership;
using Fleet.Helm.Owners;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>StateManager as one of several replicas, with Leases and a table of owners.</summary>
public sealed class SharedEnvironment : StateManagerEnvironment
{
    protected override void AddBefore(IServiceCollection services) =>
        services.AddOwnership(new() { Service = "state-manager", Replica = "only", Namespace = "default" });
}

/// <summary>The life of a service whose releases have to be won.</summary>
public sealed class SharedServiceTests(SharedEnvironment environment) : IClassFixture<SharedEnvironment>
{
    private static readonly ObjectKey Record = ReleaseOwnership.RecordOf(new("apps", "web"));

    private IResourceClient<DynamicObject> Secrets => environment.Managed.Dynamic(CoreKinds.Secrets);

    [Fact]
    public async Task A_release_has_its_owners_epoch_beside_it_and_is_left_alone_while_that_is_greater()
    {
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Set("prod", "prod", Service("web")));
        await environment.ServiceAsync("prod", "web", "Deployed");
        // As owners of slots have it: milliseconds of the time when it was given.
        Assert.True(long.Parse(Text(await Secrets.GetAsync(Record, default), "epoch")!, System.Globalization.CultureInfo.InvariantCulture) > 1_700_000_000_000);

        await environment.ApplyAsync(Set("prod", "prod", Service("web", "replicaCount: 3")));
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("prod", "web"), v => (int?)v["replicaCount"] == 3, "upgraded");
        await StateManagerEnvironment.EventuallyAsync(() => Secrets.GetAsync(Record, default), r => r is not null && Text(r, "operation") is null, "nothing under way");

        await Secrets.PatchAsync(
            Record, Patch.Merge(new() { ["data"] = new JsonObject { ["epoch"] = Convert.ToBase64String("9000000000000000"u8) } }), PatchOptions.Default, default);
        await environment.ApplyAsync(Set("prod", "prod", Service("web", "replicaCount: 4")));
        Assert.Contains("9000000000000000", (string?)(await environment.ServiceAsync("prod", "web", "Failed"))["failureMessage"], StringComparison.Ordinal);
        Assert.Equal(3, (int?)(await environment.ValuesAsync("prod", "web"))["replicaCount"]);

        await Secrets.DeleteAsync(Record, DeleteOptions.Background, default);
        await environment.ApplyAsync(Set("prod", "prod", Service("web", "replicaCount: 5")));
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("prod", "web"), v => (int?)v["replicaCount"] == 5, "upgraded");

        await environment.DeleteSetAsync("prod");
        await StateManagerEnvironment.EventuallyAsync(() => Secrets.GetAsync(Record, default), r => r is null, "gone");
    }

    private static string? Text(DynamicObject? record, string field) =>
        (string?)record?.At("data", field) is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
}
