using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Connection;

/// <summary>The data folder of a fleet on this machine as the CLI sees it; <c>fleetd</c> owns what is in it.</summary>
internal sealed record FleetFolder(string Path)
{
    public static Option<string?> Option { get; } = new("--data")
    {
        Description = "Folder in which the fleet keeps everything. Default: $FLEET_DATA, else $HOME/.fleet",
        Recursive = true,
    };

    public static FleetFolder From(ParseResult parsed) => new(System.IO.Path.GetFullPath(
        parsed.GetValue(Option)
        ?? Environment.GetEnvironmentVariable("FLEET_DATA") switch
        {
            { Length: > 0 } named => named,
            _ => System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fleet"),
        }));

    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");
    public string Log => System.IO.Path.Combine(Path, "logs", "fleetd.log");
    public string Progress => System.IO.Path.Combine(Path, "run", "progress.jsonl");
    public string Settings => System.IO.Path.Combine(Path, "settings.json");

    private string EndpointsFile => System.IO.Path.Combine(Path, "run", "endpoints.json");
    private string PidFile => System.IO.Path.Combine(Path, "run", "fleetd.pid");

    /// <summary>What the running fleet wrote about itself; null when none is ready.</summary>
    public FleetEndpoints? Endpoints()
    {
        if (RunningProcess() is not { } running || !File.Exists(EndpointsFile) || JsonNode.Parse(File.ReadAllText(EndpointsFile)) is not JsonObject root)
            return null;
        // What a killed one wrote may still be there while the next one starts.
        if ((int)root["processId"]! != running)
            return null;
        return new FleetEndpoints((string)root["api"]!, (string)root["rest"]!, (string)root["kubeconfig"]!, (string)root["version"]!, (bool)root["external"]!, (string?)root["capiCore"] ?? "embedded", (string?)root["certificateAuthority"]);
    }

    /// <summary>Connection string of the database that runs from this folder; null when none does. Holds its password.</summary>
    public string? Postgres()
    {
        var (process, password) = (System.IO.Path.Combine(Path, "postgres", "postmaster.pid"), System.IO.Path.Combine(Path, "postgres.password"));
        if (RunningProcess() is null || !File.Exists(process) || !File.Exists(password))
            return null;
        // The fourth line is the port, as PostgreSQL writes it.
        return File.ReadLines(process).Skip(3).FirstOrDefault() is { } port && int.TryParse(port, CultureInfo.InvariantCulture, out _)
            ? $"Host=127.0.0.1;Port={port};Username=fleet;Password={File.ReadAllText(password).Trim()};Database=fleet"
            : null;
    }

    /// <summary>The fleetd of this folder, or null. A pid that meanwhile belongs to another program does not count.</summary>
    public int? RunningProcess()
    {
        return File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var pid) && IsFleetd(pid) ? pid : null;
    }

    /// <summary>Whether a process is a living fleetd; a zombie has no command line.</summary>
    public static bool IsFleetd(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("fleetd", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>By its first line, the start that the progress file is about; null when there is none.</summary>
    public string? LastStart()
    {
        try
        {
            return File.ReadLines(Progress).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }
}

internal sealed record FleetEndpoints(string Api, string Rest, string Kubeconfig, string Version, bool External, string CapiCore, string? CertificateAuthority);
