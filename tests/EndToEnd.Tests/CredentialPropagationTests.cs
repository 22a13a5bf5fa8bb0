using System.Text;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Objects;

namespace Fleet.EndToEnd.Tests;

/// <summary>A credential that is made known inside the clusters that use it, as upstream's guides do it: by a ConfigMap beside its identity.</summary>
[Collection(OneFleet.Name)]
public sealed class CredentialPropagationTests(FaultFleet fleet)
{
    [Fact]
    public async Task The_identity_reaches_its_cluster_follows_a_rotation_and_leaves_no_trace_of_the_deletion()
    {
        await fleet.ApplyAsync(FaultFleet.Team("known") + FaultFleet.Cluster("known"));
        await fleet.ReadyAsync("known");
        using var cluster = FaultFleet.Connect(await fleet.Fleet.KubeconfigOfAsync("one", "known"));
        Assert.Null(await fleet.FindAsync("ServiceSet", "known", "one"));

        // The manifests come later than the cluster, which has no services at all.
        await fleet.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: identity-resource-template
              namespace: known
              annotations: { projectsveltos.io/template: "true" }
            data:
              configmap.yaml: |
                {{- $identity := getResource "InfrastructureProviderIdentity" }}
                apiVersion: v1
                kind: Secret
                metadata: { name: cloud-config, namespace: kube-system }
                data: { token: {{ $identity.data.token }}, cluster: {{ .Cluster.metadata.name | b64enc }} }
            """);
        await FaultFleet.UntilAsync(cluster, "Secret", "kube-system", "cloud-config", o => Text(o, "token") == "made-up" && Text(o, "cluster") == "one", 60);
        var ready = await fleet.UntilAsync("ClusterDeployment", "known", "one", o => (string?)o.Condition("ServicesInReadyState")?["message"] == "1/1");
        Assert.True(ready.Is("Ready", "True"));

        await fleet.ApplyAsync(Identity("second"));
        await FaultFleet.UntilAsync(cluster, "Secret", "kube-system", "cloud-config", o => Text(o, "token") == "second", 60);

        (await fleet.Fleet.KubectlAsync(fleet.Fleet.Kubeconfig, "delete", "clusterdeployment", "one", "-n", "known", "--timeout=120s")).MustSucceed();
        Assert.Null(await fleet.FindAsync("ServiceSet", "known", "one"));
    }

    private static string Identity(string token) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: identity, namespace: known }
        stringData: { token: {{token}} }
        ---

        """;

    private static string Text(DynamicObject secret, string key) => Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret.At("data", key) ?? ""));
}
