using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Holds;

/// <summary>Takes entries away that hold nothing any more, so that they do not come back to life with a later declaration.</summary>
internal sealed class HoldWrites(IKubernetesClient management)
{
    public async Task EndAsync(ServiceSet set, IReadOnlyList<string> names, GrainOwnership ownership, CancellationToken ct)
    {
        ownership.EnsureCurrent();
        // The resourceVersion guards what others write into the same annotation.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = set.Metadata.Uid,
                ["resourceVersion"] = set.Metadata.ResourceVersion,
                ["annotations"] = new JsonObject { [FleetAnnotations.HeldServices] = ServiceHolds.Of(set.Metadata).Without(names) },
            },
        };
        var written = await management.Resource(FleetKinds.ServiceSets).PatchAsync(set.Metadata.Key, Patch.Merge(patch), PatchOptions.Default, ct);
        set.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
        set.Metadata.Annotations = written.Metadata.Annotations;
    }
}
