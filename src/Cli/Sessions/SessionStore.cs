using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Output;

namespace Fleet.Cli.Sessions;

/// <summary>
/// Keeps sessions in the keyring of the desktop where there is one (by secret-tool, through its standard input), else in a file of mode 0600. Which fleet was
/// signed in to last is no secret and in a file.
/// </summary>
internal sealed class SessionStore
{
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string folder = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"), "fleet");

    private string Last => Path.Combine(folder, "current");

    /// <summary>The fleet that was signed in to last; null when nobody has.</summary>
    public string? Current => File.Exists(Last) ? File.ReadAllText(Last).Trim() : null;

    /// <returns>Where it is kept, for people.</returns>
    public async Task<string> SaveAsync(StoredSession session, CancellationToken ct)
    {
        Directory.CreateDirectory(folder, OnlyMe | UnixFileMode.UserExecute);
        var text = JsonSerializer.Serialize(session, SessionJson.Default.StoredSession);
        var file = FileOf(session.Rest);
        string place;
        if (HasKeyring && await RunAsync(["store", "--label", $"Fleet {session.Rest}", "service", "fleet", "url", session.Rest], text, ct) is not null)
        {
            File.Delete(file);
            place = "the keyring";
        }
        else
        {
            // Beside it and in its place at once, so that a full disk leaves the old one.
            var fresh = file + "." + Environment.ProcessId;
            await using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OnlyMe }))
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
            File.Move(fresh, file, overwrite: true);
            place = file;
        }

        await File.WriteAllTextAsync(Last, session.Rest + "\n", ct);
        return place;
    }

    public async Task<StoredSession?> FindAsync(string rest, CancellationToken ct)
    {
        var file = FileOf(rest);
        string? text;
        if (File.Exists(file))
        {
            // Written by somebody else, or made readable: whoever could read it may have.
            if ((File.GetUnixFileMode(file) & ~OnlyMe) != 0)
                throw new CommandException($"{file} can be read by others: sign in again (`fleet logout`, `fleet login`).");
            text = await File.ReadAllTextAsync(file, ct);
        }
        else
        {
            text = HasKeyring ? await RunAsync(["lookup", "service", "fleet", "url", rest], null, ct) : null;
        }

        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize(text, SessionJson.Default.StoredSession);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>File with who vouches for this fleet's certificate, as it was said at the sign-in; null when nothing was. Not secret, but whoever could change it could listen.</summary>
    public string? AuthorityOf(string rest) => File.Exists(AuthorityFileOf(rest)) ? AuthorityFileOf(rest) : null;

    /// <param name="pem">Who vouches for this fleet's certificate from now on.</param>
    public async Task KeepAuthorityAsync(string rest, string pem, CancellationToken ct)
    {
        Directory.CreateDirectory(folder, OnlyMe | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(AuthorityFileOf(rest), pem, ct);
    }

    public async Task ForgetAsync(string rest, CancellationToken ct)
    {
        File.Delete(FileOf(rest));
        File.Delete(AuthorityFileOf(rest));
        if (Current == rest)
            File.Delete(Last);
        if (HasKeyring)
            await RunAsync(["clear", "service", "fleet", "url", rest], null, ct);
    }

    private static bool HasKeyring => Environment.GetEnvironmentVariable("FLEET_KEYRING") != "file"
        && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS")) && Tool is not null;

    private static string? Tool => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(path => path.Length > 0).Select(path => Path.Combine(path, "secret-tool")).FirstOrDefault(File.Exists);

    private string FileOf(string rest) => Path.Combine(folder, $"session-{NameOf(rest)}.json");

    private string AuthorityFileOf(string rest) => Path.Combine(folder, $"authority-{NameOf(rest)}.pem");

    private static string NameOf(string rest) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)).AsSpan(0, 8));

    /// <returns>What it says; null when it fails or nobody unlocks the keyring.</returns>
    private static async Task<string?> RunAsync(IReadOnlyList<string> arguments, string? input, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(Tool!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var said = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await errors;
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? said : null;
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            process.Kill(entireProcessTree: true);
            return null;
        }
    }
}
