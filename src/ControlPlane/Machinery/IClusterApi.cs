using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>
/// One cluster's API as code in this process sees it: the same semantics as over REST (admission, defaulting, validation,
/// resourceVersion conflicts, finalizers, garbage collection), without HTTP, authentication or authorisation.
/// The REST endpoints and the controllers of the simulation are both thin callers of this.
/// Failures are <see cref="KubeApiException"/>, with the codes and reasons that a client would see.
/// Objects handed out are private copies: the caller may change them.
/// </summary>
public interface IClusterApi
{
    /// <summary><c>management</c>, or the name under <c>/clusters/</c>.</summary>
    string Name { get; }

    /// <summary>The Kubernetes version to report while no control plane node tells it; null: the server's own.</summary>
    string? KubernetesVersion { get; set; }

    /// <summary>PEM of an authority whose client certificates this cluster takes besides those of the process; null: none.</summary>
    string? ClientAuthority { get; set; }

    /// <summary>How the API shall misbehave towards clients; null: not at all. Setting a mode that answers nothing ends all watches.</summary>
    ApiFault? Fault { get; set; }

    /// <summary>Grows with every write to this cluster; the resourceVersion of lists.</summary>
    long Revision { get; }

    /// <summary>Null when the kind is not served (unknown, or its CRD is absent).</summary>
    ResourceKind? FindKind(GroupVersionKind kind);

    JsonObject? Get(ResourceKind kind, ObjectKey key);

    /// <summary>Ordered by namespace and name. A null namespace means all; the selector is in Kubernetes' string form.</summary>
    IReadOnlyList<JsonObject> List(ResourceKind kind, string? @namespace = null, string? labelSelector = null);

    ValueTask<JsonObject> CreateAsync(ResourceKind kind, JsonObject body, CancellationToken ct);

    /// <summary>A set metadata.resourceVersion makes it fail with a conflict when the object has changed. Status is left alone where it is a subresource.</summary>
    ValueTask<JsonObject> UpdateAsync(ResourceKind kind, JsonObject body, CancellationToken ct);

    /// <summary>Writes only status (and nothing else), as the status subresource does.</summary>
    ValueTask<JsonObject> UpdateStatusAsync(ResourceKind kind, JsonObject body, CancellationToken ct);

    /// <summary>
    /// Read, change, write with retry on conflict. The function changes the object in place and returns false for "nothing to do".
    /// With <paramref name="status"/> the write goes to the status subresource. Null when the object is gone.
    /// </summary>
    ValueTask<JsonObject?> ChangeAsync(ResourceKind kind, ObjectKey key, Func<JsonObject, bool> change, bool status, CancellationToken ct);

    /// <summary>False when it was already gone. Honours finalizers and propagation.</summary>
    ValueTask<bool> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteOptions options, CancellationToken ct);

    /// <summary>
    /// Calls back after every committed change, in order, on the writer's thread: the callback must only note the key and return.
    /// Level-based controllers subscribe, list once, and then look at what was noted.
    /// </summary>
    IDisposable Subscribe(Action<ClusterChange> onChange);
}

/// <summary>What changed; the object is to be read again by whoever cares.</summary>
public readonly record struct ClusterChange(WatchEventType Type, ResourceKind Kind, ObjectKey Key, long Revision);
