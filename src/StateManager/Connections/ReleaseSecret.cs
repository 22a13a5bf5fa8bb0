using System.Text.Json.Serialization;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Connections;

/// <summary>A Secret in which Helm keeps a revision, without its content: the labels say all that is needed, and a megabyte is not even decoded.</summary>
internal sealed class ReleaseSecret : KubernetesObject
{
    /// <summary>Helm's own label on all of them.</summary>
    public const string Selector = "owner=helm";

    public static ResourceType<ReleaseSecret> Type { get; } =
        new(new ResourceKind("", "v1", "Secret", "secrets", true), ReleaseSecretJson.Default.ReleaseSecret);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReleaseSecret))]
internal sealed partial class ReleaseSecretJson : JsonSerializerContext;
