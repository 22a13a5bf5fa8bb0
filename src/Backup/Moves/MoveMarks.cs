using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Moves;

/// <summary>What a move writes on objects of the source, by which another run knows how far it was.</summary>
internal static class MoveMarks
{
    /// <summary>On what was paused for the move, and not by somebody else before: which move.</summary>
    public const string PausedFor = "k0rdent.mirantis.com/paused-for-move";

    /// <summary>On the ClusterDeployment and the records of its release: all is at the target, which may have let go of it already. There is no way back.</summary>
    public const string Moved = "k0rdent.mirantis.com/moved";

    /// <summary>The same for each try, so that what a try has made is known to the next one.</summary>
    public static string IdOf(string sourceUid, ObjectKey cluster) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"fleet move {sourceUid} {cluster}")).AsSpan(0, 16));

    /// <summary>As it was before the move paused it.</summary>
    public static JsonObject Unpaused(JsonObject item)
    {
        var copy = item.DeepClone().AsObject();
        if (copy["metadata"]!["annotations"] is not JsonObject annotations)
            return copy;
        // The manager pauses the ServiceSets of a cluster that is paused, perhaps before the move comes to them.
        var isOurs = annotations.Remove(PausedFor) | annotations.Remove(FleetAnnotations.PausedWithCluster);
        if (!isOurs)
            return copy;
        annotations.Remove(FleetAnnotations.Paused);
        annotations.Remove(FleetLabels.ServiceSetPaused);
        if ((string?)copy["kind"] == "Cluster" && copy["spec"] is JsonObject spec)
            spec.Remove("paused");
        return copy;
    }
}
