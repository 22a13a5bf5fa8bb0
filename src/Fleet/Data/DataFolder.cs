using System.Globalization;

namespace Fleet.Host.Data;

/// <summary>
/// The one folder in which a fleet keeps everything. Private to its user (0700), because it holds keys and kubeconfigs.
/// Only one process may use it at a time: <see cref="Lock"/> holds an exclusive lock for as long as the process lives.
/// </summary>
public sealed class DataFolder
{
    /// <summary>EAGAIN of Linux: the file is locked by another process.</summary>
    private const int WouldBlock = 11;

    private DataFolder(string path) => Path = path;

    public string Path { get; }

    public string ControlPlane => Sub("control-plane");
    public string Postgres => System.IO.Path.Combine(Path, "postgres");
    public string Catalog => Sub("catalog");
    public string Cache => Sub("cache");
    public string Logs => Sub("logs");
    public string Run => Sub("run");

    /// <summary>Samples that wait for the metrics store.</summary>
    public string Telemetry => Sub("telemetry");

    /// <summary>Archives of ManagementBackups that name a folder. On the same disk as what they protect: for a first try, and where it is copied elsewhere.</summary>
    public string Backups => Sub("backups");

    /// <summary>Authority and certificate of the REST API, where the fleet makes them itself.</summary>
    public string Tls => System.IO.Path.Combine(Path, "tls");

    /// <summary>kubeconfig with cluster-admin rights on the management API, mode 0600.</summary>
    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");

    public string EndpointsFile => System.IO.Path.Combine(Run, "endpoints.json");
    public string ProgressFile => System.IO.Path.Combine(Run, "progress.jsonl");
    public string PidFile => System.IO.Path.Combine(Run, "fleetd.pid");

    /// <exception cref="DataFolderException">The folder cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var probe = System.IO.Path.Combine(full, ".writable");
            // A page, because an empty file can still be made on a full disk.
            File.WriteAllBytes(probe, new byte[4096]);
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(full, error);
        }

        return new DataFolder(full);
    }

    /// <summary>Takes the folder for this process. The lock goes with the process, also after kill -9.</summary>
    /// <exception cref="DataFolderException">Another process has it.</exception>
    public FileStream Lock()
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(System.IO.Path.Combine(Run, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            // What a killed process wrote about itself must not be taken for this one.
            File.Delete(EndpointsFile);
            return stream;
        }
        catch (IOException error) when (stream is null && error.HResult == WouldBlock)
        {
            var pid = File.Exists(PidFile) ? File.ReadAllText(PidFile).Trim() : "unknown";
            throw new DataFolderException($"Another fleet (process {pid}) already runs from {Path}. Stop it with `fleet down --data {Path}`, or name another folder.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw Unusable(Path, error);
        }
    }

    private static DataFolderException Unusable(string path, Exception error) =>
        new($"The data folder {path} cannot be used: {error.Message} Name another one with --data.");

    private string Sub(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        return path;
    }
}

/// <summary>Says what is wrong with the data folder and what to do.</summary>
public sealed class DataFolderException(string message) : Exception(message);
