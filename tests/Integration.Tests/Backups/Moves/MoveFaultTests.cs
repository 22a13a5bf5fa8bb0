using System.Text.Json.Nodes;
using Fleet.Backup.Moves;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.Backups.Moves;

/// <summary>What gets into the way of a move, at every place where it can.</summary>
public sealed class MoveFaultTests
{
    /// <summary>The process ends after its first write, after its second one, and so on; the next one goes on.</summary>
    [Fact]
    public async Task A_move_that_ends_after_any_of_its_writes_is_gone_on_with()
    {
        var pair = await MovePair.SharedAsync();
        var isWhole = false;
        for (var writes = 1; !isWhole; writes++)
        {
            var name = $"c{writes}";
            await pair.AddAsync(name);
            var death = new Death(writes);
            try
            {
                await pair.MoveAsync(name, death.Around(pair.Source.Client), death.Around(pair.Target.Client));
                isWhole = true;
            }
            catch (Exception e) when (death.IsDead && e is DeathException or AggregateException { InnerException: DeathException })
            {
                Assert.False(await pair.IsManagedTwiceAsync(name), $"after write {writes} ({death.Last}) both sides manage the cluster");
                var report = await pair.MoveAsync(name);
                Assert.Empty(report.Refused);
            }

            await pair.AssertMovedAsync(name, $"cut off after write {writes} ({death.Last})");
            // Not the first cluster that they serve, and the next ones need them.
            Assert.NotNull(await pair.Source.FindAsync(MovePair.Fleet, "Credential", "login"));
            Assert.True(writes < 500, "a move has no end");
        }
    }

    /// <summary>A manager that looks at an object without its finalizer puts it back, and may do so in the moment before the deletion.</summary>
    [Theory]
    [InlineData("ClusterDeployment", MovePair.Finalizer)]
    [InlineData("Cluster", "cluster.cluster.x-k8s.io")]
    public async Task A_finalizer_that_is_put_back_before_the_deletion_does_not_keep_the_cluster_at_the_source(string kindName, string finalizer)
    {
        var pair = await MovePair.SharedAsync();
        var name = $"held-{kindName.ToLowerInvariant()}";
        await pair.AddAsync(name);
        var putBack = 0;
        var source = new WatchedWrites(pair.Source.Client, afterWrite: async (verb, kind, key) =>
        {
            var resource = pair.Source.Client.Dynamic(kind);
            if (verb == "patch" && kind.Kind == kindName && await resource.GetAsync(key, CancellationToken.None) is { Metadata: { Finalizers: null or { Count: 0 }, DeletionTimestamp: null } })
            {
                putBack++;
                await resource.PatchAsync(key, Patch.Merge(Merge($"metadata: {{finalizers: [{finalizer}]}}")), PatchOptions.Default, CancellationToken.None);
            }
        });
        await pair.MoveAsync(name, source);
        Assert.True(putBack >= 2, "it was put back when all were released, and again before the deletion");
        await pair.AssertMovedAsync(name, "with a manager that holds on");
    }

    [Fact]
    public async Task A_manager_that_does_not_confirm_the_pause_keeps_the_move_from_beginning()
    {
        var pair = await MovePair.SharedAsync();
        await pair.AddAsync("unconfirmed");
        MoveOptions Managed(MoveOptions options, double seconds) => options with { ManagersAreStopped = false, SettleTimeout = TimeSpan.FromSeconds(seconds) };
        var refused = await Assert.ThrowsAsync<MoveException>(() => pair.MoveAsync("unconfirmed", configure: options => Managed(options, 0.1)));
        Assert.Contains("ClusterDeployment team/unconfirmed is not known to be paused by the manager of the source", refused.Message, StringComparison.Ordinal);
        Assert.Null(await pair.Target.FindAsync(MovePair.Fleet, "ClusterDeployment", "unconfirmed"));
        var cluster = await pair.Source.GetAsync(MovePair.Fleet, "ClusterDeployment", "unconfirmed");
        Assert.DoesNotContain(cluster.Metadata.Annotations ?? new Dictionary<string, string>(), annotation => annotation.Key.Contains("paused", StringComparison.Ordinal));
        Assert.Null((await pair.Source.GetAsync(MovePair.Capi, "Cluster", "unconfirmed")).At("spec", "paused"));

        // As both managers say it.
        foreach (var kind in (string[])["ClusterDeployment", "ServiceSet"])
        {
            await pair.Source.StatusAsync($$"""
                apiVersion: k0rdent.mirantis.com/v1beta1
                kind: {{kind}}
                metadata: {name: unconfirmed, namespace: team}
                status: {conditions: [{type: Paused, status: "True", reason: Paused, message: as asked, lastTransitionTime: "2026-01-01T00:00:00Z"}] }
                """);
        }

        await pair.MoveAsync("unconfirmed", configure: options => Managed(options, 300));
        await pair.AssertMovedAsync("unconfirmed", "with managers that confirm");
    }

    [Fact]
    public async Task What_others_use_as_well_is_copied_and_stays()
    {
        var pair = await MovePair.SharedAsync();
        await pair.AddAsync("first");
        await pair.AddAsync("stays");
        var before = await VersionsAsync(pair);
        var report = await pair.MoveAsync("first");
        Assert.Equal(["Credential team/login", "Secret elsewhere/identity"], report.Copied);
        await pair.AssertMovedAsync("first", "beside another one");
        Assert.Equal(before, await VersionsAsync(pair));
        Assert.Equal("Y2FuYXJ5", (string?)(await pair.Target.GetAsync("v1", "Secret", "identity", "elsewhere")).At("data", "token"));

        // And the other one follows to what is there by now.
        Assert.Empty((await pair.MoveAsync("stays")).Refused);
        await pair.AssertMovedAsync("stays", "as the second one");
        Assert.True((await pair.MoveAsync("stays")).WasThere);
    }

    [Fact]
    public async Task A_move_that_cannot_end_well_is_refused_with_all_reasons_and_changes_nothing()
    {
        var pair = await MovePair.SharedAsync();
        await pair.AddAsync("refused");
        Assert.Equal(["source and target are the same cluster"], (await pair.MoveAsync("refused", target: pair.Source.Client)).Refused);
        Assert.Equal(["there is no ClusterDeployment team/nobody at the source"], (await pair.MoveAsync("nobody")).Refused);

        await pair.Source.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: refused, namespace: team, finalizers: [k0rdent.mirantis.com/cluster-deployment]}
            spec: {template: t, credential: taken, ipamClaim: {ref: pool}, dataSource: sql}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: taken, namespace: team}
            spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: elsewhere}}
            """);
        await pair.Source.StatusAsync("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {name: refused, namespace: team}, status: {region: south}}");
        await pair.Target.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: team}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: taken, namespace: team}
            spec: {description: of somebody else, identityRef: {apiVersion: v1, kind: Secret, name: other}}
            """);
        var deployments = await pair.Source.Client.FindKindAsync(new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment"), CancellationToken.None);
        await pair.Source.Client.Dynamic(deployments!).DeleteAsync(new("team", "refused"), DeleteOptions.Background, CancellationToken.None);
        var before = (await pair.Source.GetAsync(MovePair.Fleet, "ClusterDeployment", "refused")).Metadata.ResourceVersion;
        Assert.Equal(
            [
                "ClusterDeployment team/refused has a database that is managed from here (spec.dataSource), and moving those is not possible yet",
                "ClusterDeployment team/refused has addresses of a pool that stays here (spec.ipamClaim), and moving those is not possible yet",
                "ClusterDeployment team/refused is being deleted",
                "ClusterDeployment team/refused is in Region south: its machines are managed from there, and moving them is not possible yet",
                "Credential team/taken is at the target and differs: the cluster would be changed by it",
            ],
            (await pair.MoveAsync("refused")).Refused.Order(StringComparer.Ordinal));
        Assert.Equal(before, (await pair.Source.GetAsync(MovePair.Fleet, "ClusterDeployment", "refused")).Metadata.ResourceVersion);
        Assert.Null(await pair.Target.FindAsync(MovePair.Capi, "Cluster", "refused"));
    }

    [Fact]
    public async Task A_target_that_lacks_kinds_or_is_older_is_refused_before_anything_would_be_dropped_there()
    {
        await using var target = await BackupStage.StartAsync(defined: false);
        var pair = await MovePair.SharedAsync();
        await pair.AddAsync("old");
        var refused = (await pair.MoveAsync("old", target: target.Client)).Refused;
        Assert.Contains("the target does not serve ServiceSet of k0rdent.mirantis.com: what brings it (Fleet, a provider) must be installed there first", refused);

        // An older one: of one kind it lacks the version, of another a field.
        await target.ApplyAsync("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: servicesets.k0rdent.mirantis.com}
            spec:
              group: k0rdent.mirantis.com
              names: {kind: ServiceSet, plural: servicesets, singular: serviceset, listKind: ServiceSetList}
              scope: Namespaced
              versions: [{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: clusterdeployments.k0rdent.mirantis.com}
            spec:
              group: k0rdent.mirantis.com
              names: {kind: ClusterDeployment, plural: clusterdeployments, singular: clusterdeployment, listKind: ClusterDeploymentList}
              scope: Namespaced
              versions: [{name: v1beta1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {template: {type: string}}}}}}}]
            """);
        target.Client.Discovery.Invalidate();
        refused = (await pair.MoveAsync("old", target: target.Client)).Refused;
        Assert.Contains("the target serves ServiceSet of k0rdent.mirantis.com as v1alpha1 and not as v1beta1: what brings it (Fleet, a provider) must have the version of the source", refused);
        Assert.Contains(refused, reason => reason.StartsWith("ClusterDeployment team/old has what the target's definition of ClusterDeployment does not know and would drop: ", StringComparison.Ordinal) && reason.Contains("spec.credential", StringComparison.Ordinal));
        Assert.Null((await pair.Source.GetAsync(MovePair.Fleet, "ClusterDeployment", "old")).Metadata.Annotations);
    }

    private static async Task<string> VersionsAsync(MovePair pair) => string.Join(' ',
        (await pair.Source.GetAsync(MovePair.Fleet, "ClusterDeployment", "stays")).Metadata.ResourceVersion,
        (await pair.Source.GetAsync(MovePair.Fleet, "Credential", "login")).Metadata.ResourceVersion,
        (await pair.Source.GetAsync("v1", "Secret", "identity", "elsewhere")).Metadata.ResourceVersion);

    private static JsonObject Merge(string yaml) => KubernetesYaml.Parse(yaml)!.AsObject();

    /// <summary>Of a process, after so many writes: from then on none of its calls goes out.</summary>
    private sealed class Death(int after)
    {
        private int writes;

        public bool IsDead => writes >= after;

        public string Last { get; private set; } = "";

        public IKubernetesClient Around(IKubernetesClient client) => new WatchedWrites(client, Check, (verb, kind, key) =>
        {
            if (Interlocked.Increment(ref writes) == after)
                Last = $"{verb} of {kind.Kind} {key} at {client.Server}";
            Check();
            return Task.CompletedTask;
        });

        private void Check()
        {
            if (IsDead)
                throw new DeathException();
        }
    }

    private sealed class DeathException() : Exception("the process ended here");
}
