using System.Globalization;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>Events are kept for an hour after their last change, as upstream's default.</summary>
internal static class ExpiredEvents
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly KindInfo Events = BuiltInKinds.Find("", "events");

    public static void Delete(Cluster cluster, Action<Exception> failed)
    {
        var table = cluster.Table(Events);
        if (table.State.Count == 0) return;
        var oldest = (cluster.Settings.Clock.GetUtcNow() - Life).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var expired = table.State.Range(null).Where(e => string.CompareOrdinal(Last(e), oldest) < 0).ToArray();
        if (expired.Length > 0) _ = DeleteAsync(cluster, expired, failed);
    }

    private static async Task DeleteAsync(Cluster cluster, Storage.StoredObject[] expired, Action<Exception> failed)
    {
        try
        {
            foreach (var item in expired) await GarbageCollector.DeleteAsync(cluster, Events, item, null, CancellationToken.None);
        }
        catch (Exception failure)
        {
            failed(failure);
        }
    }

    private static string Last(Storage.StoredObject item)
    {
        var last = StoredFields.Text(item, ["series", "lastObservedTime"]);
        if (last.Length == 0) last = StoredFields.Text(item, ["lastTimestamp"]);
        return last.Length > 0 ? last : StoredFields.Text(item, ["metadata", "creationTimestamp"]);
    }
}
