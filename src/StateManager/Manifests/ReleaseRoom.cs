using System.IO.Compression;
using System.Text;

namespace Fleet.StateManager.Manifests;

/// <summary>Whether helm can keep its record of a release: a Secret, which holds at most a mebibyte. Helm would find out after it has changed the cluster. Pure.</summary>
internal static class ReleaseRoom
{
    private const int Most = 1024 * 1024;

    /// <summary>Chart, options and what helm writes around them.</summary>
    private const int Rest = 8 * 1024;

    /// <summary>Null when it fits.</summary>
    /// <param name="objects">Each as JSON. They stand in the record twice, as values and as manifest, which is packed and then written in base64.</param>
    public static string? Problem(IReadOnlyList<string> objects)
    {
        if ((objects.Sum(item => (long)item.Length) * 2 * 4 / 3) + Rest < Most / 4)
            return null;
        var size = (Packed(objects) * 4 / 3) + Rest;
        return size <= Most
            ? null
            : $"its {objects.Count} objects are too large for one service: helm's record of them would take about {size / 1024} KiB, and a Secret holds {Most / 1024} KiB; spread them over several services";
    }

    private static long Packed(IReadOnlyList<string> objects)
    {
        using var counted = new MemoryStream();
        using (var gzip = new GZipStream(counted, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var i = 0; i < 2; i++)
                foreach (var item in objects)
                    gzip.Write(Encoding.UTF8.GetBytes(item));
        return counted.Length;
    }
}
