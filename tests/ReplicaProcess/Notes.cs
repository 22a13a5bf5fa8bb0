namespace Fleet.ReplicaProcess;

/// <summary>The replica's own data folder. A full disk shows here.</summary>
internal sealed class Notes(string folder)
{
    /// <summary>Enough that a full disk is noticed at the next note.</summary>
    private const int Size = 4096;

    /// <exception cref="IOException">The disk is full, for instance.</exception>
    public async Task WriteAsync(string cluster, long epoch, CancellationToken ct)
    {
        var (path, fresh) = (Path.Combine(folder, cluster), Path.Combine(folder, cluster + ".new"));
        await File.WriteAllTextAsync(fresh, $"{epoch}".PadRight(Size), ct);
        File.Move(fresh, path, overwrite: true);
    }
}
