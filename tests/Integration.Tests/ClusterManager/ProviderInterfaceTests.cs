using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A provider that Fleet has never heard of says by its ProviderInterface what its identities refer to.</summary>
public sealed class ProviderInterfaceTests
{
    private const string Provider = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: moonidentities.infrastructure.cluster.x-k8s.io}
        spec:
          group: infrastructure.cluster.x-k8s.io
          scope: Namespaced
          names: {plural: moonidentities, singular: moonidentity, kind: MoonIdentity}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ProviderInterface
        metadata: {name: moon, labels: {cluster.x-k8s.io/provider: infrastructure-moon}}
        spec:
          clusterIdentities:
          - group: infrastructure.cluster.x-k8s.io
            version: v1
            kind: MoonIdentity
            references:
            - {group: "", version: v1, kind: Secret, nameFieldPath: spec.access.secret}
            - {group: "", version: v1, kind: ConfigMap, nameFieldPath: spec.authority}
            - {group: "", version: v1, kind: ConfigMap, nameFieldPath: spec.absent}
        """;

    private const string Identity = """
        apiVersion: v1
        kind: Secret
        metadata: {name: moon-access, namespace: kcm-system}
        stringData: {token: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: moon-authority, namespace: kcm-system}
        data: {ca: b}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1
        kind: MoonIdentity
        metadata: {name: moon, namespace: kcm-system}
        spec: {access: {secret: moon-access}, authority: moon-authority}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: moon, namespace: team-a, labels: {k0rdent.mirantis.com/managed: "true"}}
        spec: {identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1, kind: MoonIdentity, name: moon, namespace: team-a}}
        """;

    private static readonly ResourceKind Identities = new("infrastructure.cluster.x-k8s.io", "v1", "MoonIdentity", "moonidentities", Namespaced: true);

    [Fact]
    public async Task A_distributed_credential_brings_along_what_its_identity_refers_to_and_takes_it_away_again()
    {
        await using var environment = await TemplateEnvironment.StartAsync("embedded");
        await environment.ApplyAsync(Provider);
        await ManagementCluster.UntilAsync(() => environment.Client.FindKindAsync(Identities.GroupVersionKind, CancellationToken.None), kind => kind is not null, _ => "not served");
        await environment.ApplyAsync(Identity);
        (ResourceKind Kind, string Name)[] copies = [(Identities, "moon"), (CoreKinds.Secrets, "moon-access"), (CoreKinds.ConfigMaps, "moon-authority")];
        foreach (var (kind, name) in copies)
            await environment.UntilAsync(kind, "team-a", name, seen => seen is not null);
        await environment.UntilAsync(FleetKinds.Credentials.Kind, "team-a", "moon", seen => (bool?)seen?.At("status", "ready") == true);

        await environment.DeleteAsync(FleetKinds.Credentials.Kind, "team-a", "moon");
        foreach (var (kind, name) in copies)
            await environment.UntilAsync(kind, "team-a", name, seen => seen is null);
        Assert.NotNull(await environment.GetAsync(CoreKinds.ConfigMaps, "kcm-system", "moon-authority"));
    }
}
