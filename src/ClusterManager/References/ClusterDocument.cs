using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.References;

/// <summary>A text that Fleet lays beside a cluster for its chart: one key of a Secret or ConfigMap in the cluster's namespace.</summary>
internal sealed record ClusterDocument(ResourceKind Kind, ObjectKey Place, string DataKey, string Text)
{
    /// <summary>What charts put into the names of files, so that another content rolls the control plane. As upstream: four bytes of SHA-256.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))[..4]);

    // Some texts hold passwords.
    public override string ToString() => $"{Kind.Kind} {Place}";

    /// <summary>YAML that is the same for equal content, in whatever order its fields were written.</summary>
    public static string Write(string apiVersion, string kind, JsonObject content)
    {
        var document = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        foreach (var (field, value) in JsonNode.Parse(CanonicalValues.ToText(content))!.AsObject().Where(pair => pair.Key is not ("apiVersion" or "kind")))
            document[field] = value?.DeepClone();
        return KubernetesYaml.Write(document);
    }
}

/// <summary>A Secret or ConfigMap that is there under the name of a document.</summary>
/// <param name="Text">Null when it has not the document's key.</param>
/// <param name="IsOurs">Made by Fleet for this very object, or left by one that was orphaned; anything else is not touched.</param>
internal sealed record PresentDocument(ResourceKind Kind, ObjectKey Place, string? Uid, string? Text, bool IsOurs)
{
    public override string ToString() => $"{Kind.Kind} {Place}";
}
