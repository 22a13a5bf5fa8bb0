using System.Text;

namespace Fleet.Testing;

/// <summary>Where fixtures leave their logs: <c>artifacts/test-logs</c> of the checkout, or what <c>FLEET_TEST_LOGS</c> says.</summary>
public static class TestLogs
{
    private static readonly Lock Gate = new();

    public static string Folder { get; } = FindFolder();

    /// <summary>The root of the checkout, found upwards from the test's executable.</summary>
    public static string RepositoryRoot => FindRoot();

    /// <summary>A new log file's path; the number keeps fixtures of the same name apart.</summary>
    public static string NewFile(string name)
    {
        lock (Gate)
        {
            for (var number = 0; ; number++)
            {
                var path = Path.Combine(Folder, number == 0 ? $"{name}-{Environment.ProcessId}.log" : $"{name}-{Environment.ProcessId}-{number}.log");
                if (!File.Exists(path))
                {
                    File.Create(path).Dispose();
                    return path;
                }
            }
        }
    }

    /// <summary>Tells the summary of a test run which server or tool the tests really used.</summary>
    public static void NoteUsed(string what)
    {
        lock (Gate)
        {
            using var file = new FileStream(Path.Combine(Folder, "servers.txt"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(Encoding.UTF8.GetBytes(what + "\n"));
        }
    }

    private static string FindFolder()
    {
        var folder = Environment.GetEnvironmentVariable("FLEET_TEST_LOGS");
        folder = string.IsNullOrEmpty(folder) ? Path.Combine(FindRoot(), "artifacts", "test-logs") : folder;
        Directory.CreateDirectory(folder);
        return folder;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Fleet.sln above {AppContext.BaseDirectory}");
    }
}
