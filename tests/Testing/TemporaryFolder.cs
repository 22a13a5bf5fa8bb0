namespace Fleet.Testing;

/// <summary>A folder that is gone after the test, or at the latest when the test process ends in good order.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly EventHandler _onExit;

    public TemporaryFolder(string purpose)
    {
        FullPath = Directory.CreateTempSubdirectory($"fleet-test-{purpose}-").FullName;
        _onExit = (_, _) => Delete();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    public string FullPath { get; }

    public string File(params ReadOnlySpan<string> parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>Writes a file in it, creating the folders between, and returns its path.</summary>
    public string Write(string relativePath, string text)
    {
        var path = Path.Combine(FullPath, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        Delete();
    }

    private void Delete()
    {
        try
        {
            if (Directory.Exists(FullPath))
            {
                Directory.Delete(FullPath, recursive: true);
            }
        }
        catch (IOException failure)
        {
            // A dying server may still write; leftovers in the temporary folder harm nobody.
            Console.Error.WriteLine($"could not delete {FullPath}: {failure.Message}");
        }
    }
}
