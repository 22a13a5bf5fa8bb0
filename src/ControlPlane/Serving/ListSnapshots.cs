using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Serving;

/// <summary>
/// Keeps the states that clients are paging through, so that all pages of a list show one moment. A state is a reference to immutable data,
/// so it costs what has been overwritten since. Bounded in number and age; a page after that is a 410, and the client starts over.
/// </summary>
internal static class ListSnapshots
{
    private const int MostPerCluster = 64;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly ConditionalWeakTable<ClusterStore, Kept> All = [];

    public static string Keep(Cluster cluster, KindInfo kind, TableState state, long revision, ObjectKey last)
    {
        var kept = All.GetOrCreateValue(cluster.Store);
        var now = cluster.Settings.Clock.GetUtcNow();
        lock (kept)
        {
            kept.Entries.RemoveAll(e => e.Until < now || (e.Table == kind.StorageName && e.Revision == revision));
            if (kept.Entries.Count >= MostPerCluster) kept.Entries.RemoveAt(0);
            kept.Entries.Add(new(kind.StorageName, revision, state, now + Life));
        }
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"1\n{revision.ToString(CultureInfo.InvariantCulture)}\n{last.Namespace}\n{last.Name}"));
    }

    public static (TableState State, long Revision, ObjectKey? After) Find(Cluster cluster, KindInfo kind, ObjectTable table, string token)
    {
        var (revision, after) = Decode(token);
        var current = table.State;
        if (current.Revision <= revision) return (current, revision, after);
        if (All.TryGetValue(cluster.Store, out var kept))
        {
            lock (kept)
            {
                var now = cluster.Settings.Clock.GetUtcNow();
                if (kept.Entries.Find(e => e.Table == kind.StorageName && e.Revision == revision && e.Until >= now) is { } found)
                    return (found.State, revision, after);
            }
        }
        throw ApiErrors.Expired("The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
    }

    private static (long Revision, ObjectKey After) Decode(string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('\n');
            if (parts is ["1", var revision, var space, var name])
                return (long.Parse(revision, CultureInfo.InvariantCulture), new ObjectKey(space, name));
        }
        catch (FormatException malformed)
        {
            throw ApiErrors.BadRequest($"continue key is not valid: {malformed.Message}");
        }
        throw ApiErrors.BadRequest("continue key is not valid: it was not made by this server");
    }

    private sealed class Kept
    {
        public List<Entry> Entries { get; } = [];
    }

    private sealed record Entry(string Table, long Revision, TableState State, DateTimeOffset Until);
}
