using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>ClusterDeployments, by which clusters are pinned, and the rules.</summary>
internal static class DeclaredClusters
{
    public static readonly ResourceKind Kind = new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", Namespaced: true);

    private static readonly ResourceKind Definitions = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    /// <summary>Serves the kind, if nobody has made the server do so yet.</summary>
    public static async Task ServeAsync(IKubernetesClient client, CancellationToken ct)
    {
        try
        {
            await client.Dynamic(Definitions).CreateAsync(new(CustomResourceDefinition.OfAllKinds().Single(d => (string?)d["spec"]!["names"]!["kind"] == Kind.Kind)), ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Another test on the same server was first.
        }
    }

    public static async Task DeclareAsync(IKubernetesClient client, ObjectKey cluster, string label, string value, CancellationToken ct)
    {
        var deployment = new JsonObject
        {
            ["apiVersion"] = Kind.ApiVersion,
            ["kind"] = Kind.Kind,
            ["metadata"] = new JsonObject { ["namespace"] = cluster.Namespace, ["name"] = cluster.Name, ["labels"] = new JsonObject { [label] = value } },
            ["spec"] = new JsonObject { ["template"] = "t", ["credential"] = "c" },
        };
        for (var attempt = 1; ; attempt++)
            try
            {
                await client.Dynamic(Kind).CreateAsync(new(deployment.DeepClone().AsObject()), ct);
                return;
            }
            catch (KubeApiException e) when (e.IsNotFound && attempt < 300)
            {
                // The server does not serve the new kind yet.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
    }

    /// <param name="client">Of the management cluster.</param>
    /// <param name="namespace">Of the replicas.</param>
    /// <param name="rules">Text of <c>pins.yaml</c>.</param>
    /// <param name="ct">Gives up.</param>
    public static Task PinAsync(IKubernetesClient client, string @namespace, string rules, CancellationToken ct) => client.Resource(CoreTypes.ConfigMaps).ApplyAsync(
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["namespace"] = @namespace, ["name"] = "fleet-pins" },
            ["data"] = new JsonObject { ["pins.yaml"] = rules },
        },
        new("test"), ct);
}
