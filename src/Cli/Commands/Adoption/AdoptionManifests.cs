using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Adoption;

/// <summary>What stands for an adopted cluster: a Secret with its kubeconfig, the Credential that names it, and the ClusterDeployment. Pure.</summary>
internal sealed class AdoptionManifests(ObjectKey cluster)
{
    private const string Group = "k0rdent.mirantis.com/v1beta1";

    public ObjectKey Cluster => cluster;

    /// <summary>The name is the cluster's own, so that every cluster has a credential of its own.</summary>
    public string Credential => cluster.Name;

    private string Secret => cluster.Name + "-adopted-kubeconfig";

    /// <param name="template">Null leaves the ClusterDeployment as it is.</param>
    public IEnumerable<JsonObject> Of(string? template, string kubeconfig)
    {
        yield return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = Metadata(Secret),
            ["type"] = "Opaque",
            ["stringData"] = new JsonObject { ["value"] = kubeconfig },
        };
        yield return new()
        {
            ["apiVersion"] = Group,
            ["kind"] = "Credential",
            ["metadata"] = Metadata(Credential),
            ["spec"] = new JsonObject
            {
                ["description"] = $"Kubeconfig of the adopted cluster {cluster.Name}",
                ["identityRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["name"] = Secret, ["namespace"] = cluster.Namespace },
            },
        };
        if (template is null)
            yield break;
        yield return new()
        {
            ["apiVersion"] = Group,
            ["kind"] = "ClusterDeployment",
            ["metadata"] = Metadata(cluster.Name),
            ["spec"] = new JsonObject { ["template"] = template, ["credential"] = Credential },
        };
    }

    private JsonObject Metadata(string name) => new() { ["name"] = name, ["namespace"] = cluster.Namespace };
}
