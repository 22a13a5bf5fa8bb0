using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Replicas of the ClusterManager, each with its own breaker and watches, over one kube-apiserver.</summary>
public sealed class SharedBreakerTests
{
    private static readonly ObjectKey Account = new("kcm-system", SharedDeletionAccount.Name);

    [Fact]
    public async Task Several_replicas_let_no_more_begin_than_one_would_and_a_restart_does_not_forget()
    {
        await using var environment = await StartAsync();
        var clusters = await CreateAsync(environment, 12);
        await using (var first = await Replica.StartAsync(environment.Client))
        await using (var second = await Replica.StartAsync(environment.Client))
        {
            var answers = await Task.WhenAll(clusters.Select((cluster, number) => (number % 2 == 0 ? first : second).Breaker.AskAsync(cluster, CancellationToken.None)));
            Assert.Equal(3, answers.Count(answer => answer is null));
            Assert.All(answers.OfType<DeletionHold>(), hold => Assert.Equal(ClusterDeploymentConditions.DeletionBreakerOpen, hold.Reason));
            // What has begun goes on, at whichever replica its grain is.
            foreach (var (cluster, answer) in clusters.Zip(answers))
                foreach (var replica in (Replica[])[first, second])
                    Assert.Equal(answer is null, await replica.Breaker.AskAsync(cluster, CancellationToken.None) is null);
        }

        await using var restarted = await Replica.StartAsync(environment.Client);
        var again = await Task.WhenAll(clusters.Select(cluster => restarted.Breaker.AskAsync(cluster, CancellationToken.None)));
        Assert.Equal(3, again.Count(answer => answer is null));
        var stored = DeletionAccount.From(await StoredAsync(environment));
        Assert.Equal(clusters.Zip(again).Where(one => one.Second is null).Select(one => one.First.Metadata.Uid!).Order(), stored.Begun.Keys.Order());

        // A person has seen the others: they go, and those that come later are counted anew.
        foreach (var (cluster, _) in clusters.Zip(again).Where(one => one.Second is not null))
        {
            var acknowledged = await environment.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
                cluster.Metadata.Key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.DeletionAcknowledged] = "yes" } } }), PatchOptions.Default, CancellationToken.None);
            Assert.Null(await restarted.Breaker.AskAsync(acknowledged, CancellationToken.None));
        }

        await ManagementCluster.UntilAsync(
            () => Task.FromResult(restarted.Watches.Clusters.Items.Count(row => row.IsDeletionAcknowledged)), count => count == 9, count => $"{count} acknowledged");
        var next = (await CreateAsync(environment, 1, "next"))[0];
        Assert.Null(await restarted.Breaker.AskAsync(next, CancellationToken.None));
        stored = DeletionAccount.From(await StoredAsync(environment));
        Assert.Equal((next.Metadata.Uid, 0), (Assert.Single(stored.Begun).Key, stored.Refused.Count));
    }

    [Fact]
    public async Task Where_no_entry_can_be_made_nothing_begins_and_nothing_is_asked_of_what_has_begun()
    {
        await using var environment = await StartAsync();
        var clusters = await CreateAsync(environment, 3);
        await using var replica = await Replica.StartAsync(environment.Client);
        var accounts = environment.Client.Resource(CoreTypes.ConfigMaps);
        Assert.Null(await replica.Breaker.AskAsync(clusters[0], CancellationToken.None));
        await accounts.PatchAsync(Account, Patch.Merge(new() { ["data"] = new JsonObject { ["garbage"] = "x" } }), PatchOptions.Default, CancellationToken.None);
        var version = (await StoredAsync(environment)).Metadata.ResourceVersion;
        var hold = await replica.Breaker.AskAsync(clusters[1], CancellationToken.None);
        Assert.Equal(ClusterDeploymentConditions.DeletionNotCounted, hold!.Reason);
        Assert.Contains(Account.ToString(), hold.Message, StringComparison.Ordinal);
        Assert.Null(await replica.Breaker.AskAsync(clusters[0], CancellationToken.None));
        Assert.Equal(version, (await StoredAsync(environment)).Metadata.ResourceVersion);

        await accounts.DeleteAsync(Account, DeleteOptions.Background, CancellationToken.None);
        Assert.Null(await replica.Breaker.AskAsync(clusters[1], CancellationToken.None));
        // A namespace that nobody has made yet is no reason to hold anything.
        await using var elsewhere = await Replica.StartAsync(environment.Client, "not-made-yet");
        Assert.Null(await elsewhere.Breaker.AskAsync(clusters[2], CancellationToken.None));
        Assert.NotNull(await accounts.GetAsync(new("not-made-yet", Account.Name), CancellationToken.None));
    }

    /// <summary>Without a manager that would delete what is only asked about.</summary>
    private static async Task<TemplateEnvironment> StartAsync()
    {
        var environment = await TemplateEnvironment.StartAsync("kube-apiserver");
        await environment.StopManagerAsync();
        return environment;
    }

    private static async Task<List<ClusterDeployment>> CreateAsync(TemplateEnvironment environment, int count, string prefix = "c")
    {
        var made = new List<ClusterDeployment>();
        for (var number = 1; number <= count; number++)
        {
            await environment.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {{name: {prefix}{number}, namespace: team-a}}, spec: {{template: none}}}}");
            made.Add(await environment.Client.Resource(FleetKinds.ClusterDeployments).GetAsync(new("team-a", $"{prefix}{number}"), CancellationToken.None) ?? throw new InvalidOperationException("it was applied and is not there"));
        }

        return made;
    }

    private static async Task<ConfigMap> StoredAsync(TemplateEnvironment environment) =>
        await environment.Client.Resource(CoreTypes.ConfigMaps).GetAsync(Account, CancellationToken.None) ?? throw new InvalidOperationException("there is no account");

    private sealed class Replica(ClusterWatches watches, SharedDeletionAccount account, ServiceProvider services) : IAsyncDisposable
    {
        public ClusterWatches Watches => watches;

        public DeletionBreaker Breaker { get; } =
            new(watches, account, new() { Management = new("") }, services.GetRequiredService<IGrainDirectory>(), TimeProvider.System, services.GetRequiredService<IMeterFactory>());

        public static async Task<Replica> StartAsync(IKubernetesClient client, string @namespace = FleetApi.SystemNamespace)
        {
            var watches = new ClusterWatches(client, TimeProvider.System);
            watches.Clusters.Start();
            await watches.Clusters.WaitForSyncAsync(CancellationToken.None);
            var account = new SharedDeletionAccount(client, new() { Service = "cluster-manager", Replica = "replica", Namespace = @namespace });
            return new(watches, account, new ServiceCollection().AddMetrics().AddControl().BuildServiceProvider());
        }

        public async ValueTask DisposeAsync()
        {
            await watches.DisposeAsync();
            account.Dispose();
            await services.DisposeAsync();
        }
    }
}
