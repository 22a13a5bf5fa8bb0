namespace Fleet.Helm.Processes;

/// <summary>Folders of dead processes. Their locks are held until this is disposed, so that two starts at once do not clear the same ones.</summary>
internal sealed class StaleFolders(IReadOnlyList<(string Path, FileStream? Lock)> claimed) : IDisposable
{
    public IReadOnlyList<string> Paths => [.. claimed.Select(folder => folder.Path)];

    public void Delete()
    {
        foreach (var path in Paths)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A process that could not be ended still writes; the next start comes back to it.
            }
        }
    }

    public void Dispose()
    {
        foreach (var (_, held) in claimed)
            held?.Dispose();
    }
}
