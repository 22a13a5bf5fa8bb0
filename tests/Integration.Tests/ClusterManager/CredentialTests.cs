using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class CredentialTests
{
    private const string Namespace = "mon-organisation";

    private const string ClusterManifest = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: one, namespace: mon-organisation}
        spec: {template: none-of-this-name, credential: edge}
        """;

    [Fact]
    public async Task A_kubeconfig_is_tried_and_its_users_are_named()
    {
        await using var management = await ManagementCluster.StartAsync();
        var good = management.ExistingCluster("edge");
        await SecretAsync(management, Namespace, "edge-access", "value", WithToken(good, "of-nobody"));
        await management.ApplyAsync(CredentialManifest("edge", "edge-access", null));
        await management.ApplyAsync(ClusterManifest);

        var refused = await UntilAsync(management, "edge", seen => Find(seen, CredentialConditions.CredentialReady)?.Reason == CredentialConditions.IdentityRefused);
        Assert.False(refused!.Status!.Ready);
        Assert.DoesNotContain("of-nobody", string.Concat(refused.Status.Conditions!.Select(c => c.Message)), StringComparison.Ordinal);
        await UntilAsync(management, "edge", seen => seen?.Status is { UsedBy: 1, Users: ["one"] });

        await SecretAsync(management, Namespace, "edge-access", "value", good);
        var ready = await UntilAsync(management, "edge", seen => seen?.Status?.Ready == true);
        Assert.Equal(ConditionStatus.True, Find(ready, CredentialConditions.IdentityVerified)!.Status);

        await management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new(Namespace, "one"), DeleteOptions.Background, CancellationToken.None);
        await UntilAsync(management, "edge", seen => seen?.Status is { UsedBy: 0, Users: null });
    }

    [Fact]
    public async Task A_credential_that_is_deleted_with_its_cluster_stays_until_the_cluster_has_gone()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await SecretAsync(management, Namespace, "keys", "word", "first");
        await management.ApplyAsync(CredentialManifest("keys", "keys", null));
        await management.ApplyAsync(SimulatedFleet.Manifest("one", "credential: keys"));
        await management.ReadyAsync("one");
        await UntilAsync(management, "keys", seen => seen?.Metadata.Finalizers?.Contains(FleetFinalizers.Credential) == true);
        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/slow", "1h");

        await management.DeleteAsync("one");
        await management.Client.Resource(FleetKinds.Credentials).DeleteAsync(new(Namespace, "keys"), DeleteOptions.Background, CancellationToken.None);
        await management.UntilAsync("one", cluster => cluster?.Status?.Deletion?.Phase == "Cluster");
        var kept = await UntilAsync(management, "keys", seen => seen is { Metadata.IsBeingDeleted: true, Status.UsedBy: 1 });
        Assert.Contains(FleetFinalizers.Credential, kept!.Metadata.Finalizers!);

        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/slow", null);
        await management.UntilAsync("one", cluster => cluster is null);
        await UntilAsync(management, "keys", seen => seen is null);
    }

    [Fact]
    public async Task Distributed_credentials_bring_their_identity_and_the_last_one_takes_it_away()
    {
        await using var management = await ManagementCluster.StartAsync();
        await SecretAsync(management, "kcm-system", "keys", "word", "first");
        await management.ApplyAsync(CredentialManifest("one", "keys", Namespace));
        await management.ApplyAsync(CredentialManifest("two", "keys", Namespace));
        await UntilAsync(management, "one", seen => seen?.Status?.Ready == true);
        await UntilAsync(management, "two", seen => seen?.Status?.Ready == true);
        Assert.Equal("first", await WordAsync(management));

        await SecretAsync(management, "kcm-system", "keys", "word", "second");
        await ManagementCluster.UntilAsync(() => WordAsync(management), word => word == "second", word => word ?? "nothing");

        await DeleteAsync(management, "one");
        Assert.Equal("second", await WordAsync(management));
        await DeleteAsync(management, "two");
        Assert.Null(await WordAsync(management));
        Assert.NotNull(await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new("kcm-system", "keys"), CancellationToken.None));
    }

    [Fact]
    public async Task A_namespaces_own_secret_of_that_name_is_neither_overwritten_nor_deleted()
    {
        await using var management = await ManagementCluster.StartAsync();
        await SecretAsync(management, "kcm-system", "keys", "word", "ours");
        await SecretAsync(management, Namespace, "keys", "word", "theirs");
        await management.ApplyAsync(CredentialManifest("one", "keys", Namespace));
        await UntilAsync(management, "one", seen => seen?.Status?.Ready == true);
        await DeleteAsync(management, "one");
        Assert.Equal("theirs", await WordAsync(management));
    }

    private static string CredentialManifest(string name, string secret, string? distributedTo) => $"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata:
          name: {name}
          namespace: {Namespace}
          labels:
            {(distributedTo is null ? "some: label" : $"{FleetLabels.Managed}: \"true\"")}
        spec:
          identityRef:
            apiVersion: v1
            kind: Secret
            name: {secret}
            namespace: {Namespace}
        """;

    private static Task SecretAsync(ManagementCluster management, string @namespace, string name, string key, string value) => management.ApplyAsync($"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: {name}
          namespace: {@namespace}
        data:
          {key}: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}
        """);

    private static async Task<string?> WordAsync(ManagementCluster management)
    {
        var secret = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(Namespace, "keys"), CancellationToken.None);
        return secret?.At("data", "word") is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String((string)value!)) : null;
    }

    private static async Task DeleteAsync(ManagementCluster management, string name)
    {
        await management.Client.Resource(FleetKinds.Credentials).DeleteAsync(new(Namespace, name), DeleteOptions.Background, CancellationToken.None);
        await UntilAsync(management, name, seen => seen is null);
    }

    private static string WithToken(string kubeconfig, string token)
    {
        var root = (JsonObject)Fleet.Kubernetes.Yaml.KubernetesYaml.Parse(kubeconfig)!;
        root["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        return Fleet.Kubernetes.Yaml.KubernetesYaml.Write(root);
    }

    private static Task<CustomResource<CredentialSpec, CredentialStatus>?> UntilAsync(
        ManagementCluster management, string name, Func<CustomResource<CredentialSpec, CredentialStatus>?, bool> isRight) =>
        ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.Credentials).GetAsync(new(Namespace, name), CancellationToken.None),
            isRight,
            seen => string.Join("\n", (seen?.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")));

    private static Condition? Find(CustomResource<CredentialSpec, CredentialStatus>? credential, ConditionType type) =>
        credential?.Status?.Conditions?.Find(condition => condition.Type == type);
}
