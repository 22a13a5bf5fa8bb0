using System.Text.Json.Nodes;
using Fleet.Contracts;

namespace Fleet.Backup.Restores;

/// <summary>What of an archive is not restored, and why. Pure.</summary>
internal static class RestoreSelection
{
    /// <summary>Label on records of Helm releases: uid of whom Fleet made the release for.</summary>
    private const string ReleaseOwner = "fleet-owner";

    /// <summary>Marks what is not restored; needs the whole index, since reasons lie in other objects.</summary>
    public static void Exclude(RestoreIndex index, IReadOnlyDictionary<RestoreEntry, string> releaseOwners, IReadOnlyList<ObjectSelection> only)
    {
        foreach (var (entry, owner) in releaseOwners)
        {
            // The programs themselves (providers, for instance) are not in a backup. With its record Helm would believe that they run.
            if (index.FindUid(owner) is { Kind: { Group: FleetApi.Group, Kind: "Management" or "Region" } } installer)
                entry.Excluded = $"what it installs is not in the backup: {installer} installs it again";
        }

        if (only.Count == 0)
            return;
        foreach (var entry in index.Entries.Where(entry => !only.Any(selection => selection.Selects(entry.Kind, entry.Key))))
            entry.Excluded ??= "not selected";
        // Without its namespace nothing can be made in it.
        var needed = index.Entries.Where(entry => entry.Excluded is null).Select(entry => entry.Key.Namespace).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in index.Entries.Where(entry => entry.Order == RestoreOrder.Namespaces && needed.Contains(entry.Key.Name)))
            entry.Excluded = null;
    }

    public static string? ReleaseOwnerOf(JsonObject item) => (string?)item["metadata"]?["labels"]?[ReleaseOwner] is { Length: > 0 } owner && (string?)item["type"] == "helm.sh/release.v1" ? owner : null;
}
