using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Objects;

/// <summary>Kubernetes' <c>metav1.ObjectMeta</c>. Fields that are absent on the wire are null.</summary>
public sealed class ObjectMeta
{
    public string? Name { get; set; }
    public string? GenerateName { get; set; }
    public string? Namespace { get; set; }
    public string? Uid { get; set; }
    public string? ResourceVersion { get; set; }
    public long? Generation { get; set; }
    public DateTimeOffset? CreationTimestamp { get; set; }
    public DateTimeOffset? DeletionTimestamp { get; set; }
    public long? DeletionGracePeriodSeconds { get; set; }
    public Dictionary<string, string>? Labels { get; set; }
    public Dictionary<string, string>? Annotations { get; set; }
    public List<OwnerReference>? OwnerReferences { get; set; }
    public List<string>? Finalizers { get; set; }

    /// <summary>
    /// Never read into typed objects, since it is often half of an object's bytes; only tools that explain field ownership want it, and take it from
    /// <see cref="DynamicObject.Root"/>.
    /// </summary>
    [JsonConverter(typeof(SkippedOnRead))]
    public JsonElement? ManagedFields { get; set; }

    [JsonIgnore]
    public ObjectKey Key => new(Namespace ?? "", Name ?? "");

    [JsonIgnore]
    public bool IsBeingDeleted => DeletionTimestamp is not null;
}
