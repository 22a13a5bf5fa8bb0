using System.Diagnostics;

namespace Fleet.Host.Database;

/// <summary>
/// PostgreSQL refuses to run as root. When Fleet does, its commands run under another identity: in a user namespace in which root appears as uid 1000
/// (files stay root's, so that the data folder may lie in a home that nobody else can enter), or, where namespaces are forbidden, as the user
/// <c>postgres</c> with the one capability that lets it into that folder.
/// </summary>
public static class UnprivilegedCommand
{
    private static readonly string[] Namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];

    private static readonly string[] Setpriv =
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"];

    /// <summary>Words to put before a command; empty when this process is not root.</summary>
    /// <exception cref="PostgresException">Neither way works here.</exception>
    public static async Task<IReadOnlyList<string>> PrefixAsync(CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
            return [];
        foreach (var prefix in new[] { Namespace, Setpriv })
            if (await WorksAsync(prefix, ct))
                return prefix;
        throw new PostgresException("PostgreSQL cannot run as root, and neither a user namespace (unshare --user) nor the user `postgres` (setpriv) can be used here. "
            + "Run Fleet as another user, or name a PostgreSQL with --postgres.");
    }

    private static async Task<bool> WorksAsync(string[] prefix, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(prefix[0], [.. prefix[1..], "true"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>What kept PostgreSQL from starting, in words a user can act on; never the password.</summary>
public sealed class PostgresException(string message) : Exception(message);
